-- A slot belongs to the run that took it first: that run may be tried again, another finds it taken.
alter table schedule_runs add column run_id text;

-- What a clock did for a workspace on a day of its own: once, even when the clock strikes again.
create table clock_days (
  workspace_id uuid not null references workspaces on delete cascade,
  name         text not null,
  day          date not null,
  count        int not null,
  done_at      timestamptz not null default now(),
  primary key (workspace_id, name, day)
);
alter table clock_days enable row level security;
create policy own on clock_days using (workspace_id = current_workspace());

-- What came of a digest: nothing yet says that it was claimed and its end is not known.
alter table digests
  add column outcome text check (outcome in ('sent', 'nothing', 'refused', 'unknown')),
  add column because text;

-- Whether a member wants a digest, and whose morning it is; nothing means the workspace's.
alter table members
  add column digest    boolean not null default true,
  add column digest_zone text;
