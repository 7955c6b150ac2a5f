-- How the file of an analysis is written, how far it was read, and what is told while it runs.
alter table analyses
  add column encoding    text,
  add column delimiter   text,
  add column header_line int,
  -- The first row of data: {byte, line}.
  add column starts_at   jsonb not null default '{}',
  -- What holds over all of its deals, found before any of them is judged.
  add column crowd       jsonb,
  -- A value of them could not be read, and they were judged without it.
  add column noted       int not null default 0,
  -- Where it stood when it moved last: one that stands still holds up nobody.
  add column moved_at    timestamptz,
  add column erased_at   timestamptz;
comment on column analyses.cursor is 'Where to go on after a crash: a place in the file, or the last deal that was looked at.';
create index analyses_under_way on analyses (workspace_id, started_at) where status = 'running';
create index analyses_with_files on analyses (created_at) where blob is not null;
create index analyses_by_age on analyses (workspace_id, created_at desc, id desc);

-- A line with a reason: it was left out, or judged without the value that could not be read.
alter table analysis_rejects add column is_kept boolean not null default false;

-- How the columns of a file were read the last time, under the name of their source.
create table column_sets (
  workspace_id uuid not null references workspaces on delete cascade,
  id           uuid not null default uuidv7(),
  name         text not null,
  -- Of the names of its columns, in any order.
  signature    text not null,
  mapping      jsonb not null default '{}',
  options      jsonb not null default '{}',
  used_at      timestamptz not null default now(),
  created_by   text not null,
  primary key (workspace_id, id)
);
create unique index column_sets_by_name on column_sets (workspace_id, lower(name));
create index column_sets_of_signature on column_sets (workspace_id, signature, used_at desc);
alter table column_sets enable row level security;
create policy own on column_sets using (workspace_id = current_workspace());
