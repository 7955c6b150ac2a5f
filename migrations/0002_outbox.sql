-- What must happen in Temporal because of what was just written here. The relay empties it.
create table outbox (
  id           bigint generated always as identity primary key,
  workspace_id uuid not null references workspaces on delete cascade,
  kind         text not null check (kind in ('start', 'signal', 'update', 'gather')),
  workflow     text not null,
  workflow_id  text,
  name         text,
  message_id   text,
  input        text not null,
  batch_id     uuid,
  claimed_at   timestamptz,
  attempts     int not null default 0,
  created_at   timestamptz not null default now()
);
comment on column outbox.kind is 'start a workflow; signal or update one; or gather: many rows become one workflow that takes a list.';
comment on column outbox.workflow_id is 'Nothing for gather: the relay makes it from the batch.';
comment on column outbox.name is 'Of the signal or the update.';
comment on column outbox.message_id is 'Of the event or the update, so that a second delivery does nothing.';
create index outbox_by_workflow on outbox (workflow_id, id);
alter table outbox enable row level security;
create policy own on outbox using (workspace_id = current_workspace());
grant usage on sequence outbox_id_seq to throughline_app;
