-- What a deal's risk was, and why it moved: a line when the score or a factor changed.
create table deal_risks (
  workspace_id uuid not null,
  id           uuid not null default uuidv7(),
  deal_id      uuid not null,
  score        real not null check (score between 0 and 1),
  band         text not null check (band in ('low', 'medium', 'high')),
  health       int not null check (health between 0 and 100),
  factors      jsonb not null,
  because      text not null,
  at           timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, deal_id) references deals on delete cascade
);
create index deal_risks_of_deal on deal_risks (workspace_id, deal_id, at);
alter table deal_risks enable row level security;
create policy own on deal_risks using (workspace_id = current_workspace());
revoke update, delete on deal_risks from throughline_app;

-- What a workspace sets other than the files in rules/ do: one row per file.
create table overrides (
  workspace_id uuid not null references workspaces on delete cascade,
  name         text not null check (name in ('risk', 'forecast', 'scoring', 'insights')),
  settings     jsonb not null,
  changed_by   text not null,
  changed_at   timestamptz not null default now(),
  primary key (workspace_id, name)
);
alter table overrides enable row level security;
create policy own on overrides using (workspace_id = current_workspace());

-- An insight that a person has put off, for a reason.
create table insight_marks (
  workspace_id  uuid not null references workspaces on delete cascade,
  insight       text not null,
  snoozed_until timestamptz not null,
  reason        text not null,
  actor         text not null,
  at            timestamptz not null default now(),
  primary key (workspace_id, insight)
);
comment on column insight_marks.insight is 'The anomaly_id, e.g. stalled:<deal id>.';
alter table insight_marks enable row level security;
create policy own on insight_marks using (workspace_id = current_workspace());
