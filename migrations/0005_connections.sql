-- One outside system as this workspace uses it.
create table connections (
  workspace_id  uuid not null references workspaces on delete cascade,
  id            uuid not null default uuidv7(),
  source        text not null,
  name          text not null,
  settings      jsonb not null default '{}',
  secrets       text not null,
  active        boolean not null default true,
  last_event_at timestamptz,
  last_problem  text,
  created_by    text not null,
  created_at    timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (id)
);
comment on column connections.secrets is 'Sealed: iv:tag:ciphertext of a JSON object.';
alter table connections enable row level security;
create policy own on connections using (workspace_id = current_workspace());

-- What a system delivered, byte for byte, once per event.
create table deliveries (
  workspace_id  uuid not null,
  id            uuid not null default uuidv7(),
  connection_id uuid not null,
  source        text not null,
  event_id      text not null,
  headers       jsonb not null,
  body          bytea not null,
  state         text not null default 'pending' check (state in ('pending', 'done', 'ignored', 'dead')),
  reason        text,
  outcome       jsonb,
  replays       int not null default 0,
  received_at   timestamptz not null default now(),
  handled_at    timestamptz,
  primary key (workspace_id, id),
  unique (connection_id, event_id),
  foreign key (workspace_id, connection_id) references connections on delete cascade
);
create index deliveries_by_state on deliveries (workspace_id, state, id);
alter table deliveries enable row level security;
create policy own on deliveries using (workspace_id = current_workspace());
