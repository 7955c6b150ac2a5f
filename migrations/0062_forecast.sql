-- The pipeline as it was at the end of a day of the workspace: every deal that was open then, or was closed that month.
create table deal_snapshots (
  workspace_id      uuid not null references workspaces on delete cascade,
  taken_on          date not null,
  deal_id           uuid not null,
  pipeline_id       uuid not null,
  stage_id          uuid not null,
  status            text not null,
  owner_id          text,
  amount_cents      bigint not null,
  probability       int,
  expected_close_on date,
  closed_on         date,
  risk_score        real,
  health_score      int,
  left_out_because  text,
  primary key (workspace_id, taken_on, deal_id)
);
create index deal_snapshots_of_deal on deal_snapshots (workspace_id, deal_id, taken_on);
alter table deal_snapshots enable row level security;
create policy own on deal_snapshots using (workspace_id = current_workspace());

-- What was forecast on a day, by month; owner and pipeline are empty for the whole.
create table forecasts (
  workspace_id   uuid not null references workspaces on delete cascade,
  made_on        date not null,
  month          date not null,
  owner_id       text not null default '',
  pipeline_id    text not null default '',
  won_cents      bigint not null,
  weighted_cents bigint not null,
  best_cents     bigint not null,
  worst_cents    bigint not null,
  deal_count     int not null,
  confidence     int not null check (confidence between 0 and 100),
  made_at        timestamptz not null default now(),
  primary key (workspace_id, made_on, month, owner_id, pipeline_id)
);
alter table forecasts enable row level security;
create policy own on forecasts using (workspace_id = current_workspace());

create table quotas (
  workspace_id uuid not null references workspaces on delete cascade,
  month        date not null check (extract(day from month) = 1),
  owner_id     text not null default '',
  amount_cents bigint not null check (amount_cents >= 0),
  set_by       text not null,
  primary key (workspace_id, month, owner_id)
);
comment on column quotas.owner_id is 'Empty for the whole workspace.';
alter table quotas enable row level security;
create policy own on quotas using (workspace_id = current_workspace());

-- What people do in the pages: names of events and of pages, never of people.
create table page_events (
  workspace_id uuid not null references workspaces on delete cascade,
  id           uuid not null default uuidv7(),
  name         text not null,
  properties   jsonb not null default '{}',
  at           timestamptz not null default now(),
  primary key (workspace_id, id)
);
create index page_events_by_name on page_events (workspace_id, name, at);
alter table page_events enable row level security;
create policy own on page_events using (workspace_id = current_workspace());
