-- A file of leads on its way in.
create table imports (
  workspace_id uuid not null references workspaces on delete cascade,
  id           uuid not null default uuidv7(),
  file_name    text not null,
  blob         text not null,
  bytes        bigint not null,
  format       text not null check (format in ('csv', 'xlsx')),
  encoding     text,
  delimiter    text,
  header_line  int,
  columns      jsonb not null default '[]',
  mapping      jsonb not null default '{}',
  options      jsonb not null default '{}',
  status       text not null default 'mapping'
    check (status in ('mapping', 'running', 'done', 'cancelled', 'failed')),
  problem      text,
  rows         int not null default 0,
  created      int not null default 0,
  matched      int not null default 0,
  rejected     int not null default 0,
  read_bytes   bigint not null default 0,
  cursor       jsonb not null default '{}',
  sequence_id  uuid,
  enrolled     int not null default 0,
  created_by   text not null,
  created_at   timestamptz not null default now(),
  started_at   timestamptz,
  finished_at  timestamptz,
  primary key (workspace_id, id)
);
comment on column imports.columns is '[{name, samples, field?, confidence, because}] as read and proposed.';
comment on column imports.mapping is '{column: field} as the user left it.';
comment on column imports.cursor is 'Where to go on after a crash.';
alter table imports enable row level security;
create policy own on imports using (workspace_id = current_workspace());

create table import_rows (
  workspace_id uuid not null,
  import_id    uuid not null,
  line         int not null,
  outcome      text not null check (outcome in ('created', 'matched', 'rejected')),
  lead_id      uuid,
  field        text,
  reason       text,
  raw          jsonb,
  primary key (workspace_id, import_id, line),
  foreign key (workspace_id, import_id) references imports on delete cascade
);
comment on column import_rows.raw is 'The row as it was read; kept for rejected ones only.';
create index import_rows_by_outcome on import_rows (workspace_id, import_id, outcome, line);
alter table import_rows enable row level security;
create policy own on import_rows using (workspace_id = current_workspace());
