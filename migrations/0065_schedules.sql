-- What the clocks of the house did: one row per schedule and slot, so that a slot that comes twice does nothing.
create table schedule_runs (
  name        text not null,
  slot        timestamptz not null,
  started_at  timestamptz not null default now(),
  finished_at timestamptz,
  outcome     text,
  count       int,
  problem     text,
  primary key (name, slot)
);
comment on table schedule_runs is 'Belongs to no workspace; read by the owner connection only.';
alter table schedule_runs enable row level security;

-- A digest that went out: at most one per person and day, even when the job is tried again.
create table digests (
  workspace_id uuid not null references workspaces on delete cascade,
  user_id      text not null,
  day          date not null,
  summary      jsonb not null,
  message_id   text,
  sent_at      timestamptz,
  made_at      timestamptz not null default now(),
  primary key (workspace_id, user_id, day)
);
alter table digests enable row level security;
create policy own on digests using (workspace_id = current_workspace());
