-- What judges deals in words, and what it may cost a month.
create table assessment_settings (
  workspace_id       uuid primary key references workspaces on delete cascade,
  -- Without one every text is made by rules.
  connection_id      uuid,
  model              text not null default '',
  budget_cents       int not null default 2000 check (budget_cents between 0 and 100000000),
  deals_per_analysis int not null default 20 check (deals_per_analysis between 0 and 200),
  changed_by         text not null default 'engine',
  changed_at         timestamptz not null default now(),
  foreign key (workspace_id, connection_id) references connections
);
alter table assessment_settings enable row level security;
create policy own on assessment_settings using (workspace_id = current_workspace());

-- What is said of one deal, or of one deal of an analysis: the newest only.
create table assessments (
  workspace_id uuid not null references workspaces on delete cascade,
  id           uuid not null default uuidv7(),
  subject      text not null,
  deal_id      uuid,
  analysis_id  uuid,
  line         int,
  by           text not null default 'rules' check (by in ('rules', 'model')),
  text         text not null,
  risks        jsonb not null default '[]',
  next_actions jsonb not null default '[]',
  because      text,
  model        text,
  tokens_in    int not null default 0,
  tokens_out   int not null default 0,
  cost_micros  bigint not null default 0,
  at           timestamptz not null default now(),
  asked_at     timestamptz,
  primary key (workspace_id, id),
  unique (workspace_id, subject),
  foreign key (workspace_id, deal_id) references deals on delete cascade,
  foreign key (workspace_id, analysis_id, line) references analysis_deals on delete cascade
);
comment on column assessments.subject is 'deal:<id> or analysis:<id>:<line>.';
comment on column assessments.because is 'Why rules wrote it and not the model that is connected.';
comment on column assessments.asked_at is 'A model was asked for another and has not answered yet.';
alter table assessments enable row level security;
create policy own on assessments using (workspace_id = current_workspace());

-- One question to a model. What it may cost at most is set aside before it is asked.
create table model_calls (
  workspace_id    uuid not null references workspaces on delete cascade,
  id              uuid not null default uuidv7(),
  key             text not null,
  purpose         text not null check (purpose in ('assessment', 'mapping')),
  provider        text not null,
  model           text not null,
  state           text not null default 'reserved' check (state in ('reserved', 'done', 'failed', 'lost')),
  reserved_micros bigint not null,
  tokens_in       int not null default 0,
  tokens_out      int not null default 0,
  cost_micros     bigint,
  because         text,
  at              timestamptz not null,
  ended_at        timestamptz,
  primary key (workspace_id, id)
);
comment on column model_calls.cost_micros is 'Millionths of a dollar. Null: nobody can tell, so what was set aside counts.';
create index model_calls_of_month on model_calls (workspace_id, at);
create index model_calls_by_key on model_calls (workspace_id, key) where state = 'reserved';
alter table model_calls enable row level security;
create policy own on model_calls using (workspace_id = current_workspace());
