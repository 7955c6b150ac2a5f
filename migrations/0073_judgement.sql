-- What the files in rules/ say, as they were when the database was last migrated: the same for every workspace.
create table rule_files (
  name     text primary key,
  settings jsonb not null,
  read_at  timestamptz not null default now()
);
alter table rule_files enable row level security;
create policy everyone on rule_files using (true);
revoke insert, update, delete on rule_files from throughline_app;

-- How long the won deals of the last year stood in each stage, in days: kept with the full recompute.
create table stage_norms (
  workspace_id uuid not null,
  stage_id     uuid not null,
  median_days  real not null,
  p75_days     real not null,
  deals        int not null,
  counted_at   timestamptz not null default now(),
  primary key (workspace_id, stage_id),
  foreign key (workspace_id, stage_id) references stages on delete cascade
);
alter table stage_norms enable row level security;
create policy own on stage_norms using (workspace_id = current_workspace());
