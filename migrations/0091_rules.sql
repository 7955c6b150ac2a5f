-- What a workspace, or one person of it, sets other than a rule says.
create table rule_overrides (
  workspace_id uuid not null references workspaces on delete cascade,
  rule_id      text not null,
  user_id      text not null default '',
  settings     jsonb not null,
  changed_by   text not null,
  changed_at   timestamptz not null default now(),
  primary key (workspace_id, rule_id, user_id)
);
comment on column rule_overrides.user_id is 'Empty for the whole workspace; what a person sets is laid over it.';
comment on column rule_overrides.settings is '{enabled?, severity?, thresholds?, applies_to_stages?}.';
alter table rule_overrides enable row level security;
create policy own on rule_overrides using (workspace_id = current_workspace());

-- A rule that people wrote: what holds, and the draft of what is to hold next.
create table custom_rules (
  workspace_id uuid not null references workspaces on delete cascade,
  id           text not null,
  user_id      text not null default '',
  rule         jsonb,
  draft        text,
  draft_rev    int not null default 0,
  created_by   text not null,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id)
);
comment on column custom_rules.user_id is 'Whose alone it is; empty for the whole workspace.';
comment on column custom_rules.rule is 'As it was published last; nothing while it never was.';
comment on column custom_rules.draft is 'YAML, with its mistakes; nothing when there is none.';
alter table custom_rules enable row level security;
create policy own on custom_rules using (workspace_id = current_workspace());

-- Every state of a rule that people brought about, written once.
create table rule_versions (
  workspace_id uuid not null references workspaces on delete cascade,
  rule_id      text not null,
  version      int not null,
  user_id      text not null default '',
  what         text not null,
  text         text not null,
  by           text not null,
  at           timestamptz not null default now(),
  primary key (workspace_id, rule_id, version)
);
comment on column rule_versions.text is 'The rule as it held from then on, in YAML.';
alter table rule_versions enable row level security;
create policy own on rule_versions using (workspace_id = current_workspace());
revoke update, delete on rule_versions from throughline_app;
