-- One look at many deals by rules: of a file, of the pipeline, of a saved view, of one deal.
create table analyses (
  workspace_id  uuid not null references workspaces on delete cascade,
  id            uuid not null default uuidv7(),
  name          text not null,
  source        text not null check (source in ('file', 'pipeline', 'view', 'deal')),
  -- What is looked at: {viewId}, {dealId}, {pipelineId}, or what is known of the file.
  subject       jsonb not null default '{}',
  status        text not null default 'mapping'
    check (status in ('mapping', 'queued', 'running', 'done', 'cancelled', 'failed')),
  step          text not null default 'parse' check (step in ('parse', 'map', 'evaluate', 'assess', 'report')),
  problem       text,
  -- Only of a file.
  file_name     text,
  blob          text,
  bytes         bigint,
  format        text check (format in ('csv', 'xlsx')),
  columns       jsonb not null default '[]',
  mapping       jsonb not null default '{}',
  options       jsonb not null default '{}',
  cursor        jsonb not null default '{}',
  -- Which rules: null for all that are on; as they were when it ran.
  rule_ids      text[],
  rules         jsonb not null default '[]',
  review_id     uuid,
  slot          timestamptz,
  -- Of an earlier one of the same series: what is new, fixed and still there is told against it.
  series        text not null,
  previous_id   uuid,
  rows_total    int,
  rows          int not null default 0,
  rejected      int not null default 0,
  health        int check (health between 0 and 100),
  summary       jsonb not null default '{}',
  created_by    text not null,
  created_at    timestamptz not null default now(),
  started_at    timestamptz,
  finished_at   timestamptz,
  primary key (workspace_id, id)
);
comment on column analyses.series is 'What is compared over time: review:<id>, pipeline, view:<id>, deal:<id> or file:<name of its columns>.';
comment on column analyses.summary is 'Counts by severity, category, rule, stage and owner, written when it ends.';
create index analyses_of_series on analyses (workspace_id, series, id);
alter table analyses enable row level security;
create policy own on analyses using (workspace_id = current_workspace());

-- One deal as it was when it was looked at.
create table analysis_deals (
  workspace_id uuid not null,
  analysis_id  uuid not null,
  -- Its line in the file, or its place in what was looked at.
  line         int not null,
  deal_id      uuid,
  -- What names the same deal in the next one: its id, its external id, else its name and company.
  subject      text not null,
  name         text not null,
  stage        text,
  owner        text,
  owner_id     text,
  company      text,
  amount_cents bigint,
  health       int not null check (health between 0 and 100),
  critical     int not null default 0,
  warning      int not null default 0,
  info         int not null default 0,
  facts        jsonb not null default '{}',
  -- Columns of the file that are no field of ours.
  custom       jsonb not null default '{}',
  primary key (workspace_id, analysis_id, line),
  foreign key (workspace_id, analysis_id) references analyses on delete cascade
);
create index analysis_deals_of_subject on analysis_deals (workspace_id, analysis_id, subject);
alter table analysis_deals enable row level security;
create policy own on analysis_deals using (workspace_id = current_workspace());

-- A row of a file that could not be read, with its line and the reason.
create table analysis_rejects (
  workspace_id uuid not null,
  analysis_id  uuid not null,
  line         int not null,
  field        text,
  reason       text not null,
  primary key (workspace_id, analysis_id, line),
  foreign key (workspace_id, analysis_id) references analyses on delete cascade
);
alter table analysis_rejects enable row level security;
create policy own on analysis_rejects using (workspace_id = current_workspace());

-- One rule that fired on one deal.
create table findings (
  workspace_id uuid not null,
  analysis_id  uuid not null,
  line         int not null,
  rule_id      text not null,
  severity     text not null check (severity in ('CRITICAL', 'WARNING', 'INFO')),
  category     text not null,
  message      text not null,
  -- Against the one before; null when there is none.
  change       text check (change in ('new', 'still')),
  fixed_at     timestamptz,
  primary key (workspace_id, analysis_id, line, rule_id),
  foreign key (workspace_id, analysis_id, line) references analysis_deals on delete cascade
);
create index findings_of_rule on findings (workspace_id, analysis_id, rule_id, line);
alter table findings enable row level security;
create policy own on findings using (workspace_id = current_workspace());
