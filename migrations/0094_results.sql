-- What people do with what an analysis found.
alter table findings
  -- By which change of many it was fixed; taken back, it stands open again.
  add column undo_id uuid,
  add column task_id uuid;
create index findings_of_undo on findings (workspace_id, undo_id) where undo_id is not null;

-- The worst first, the largest first, by name: plain columns, so that a page begins where the last one ended.
alter table analysis_deals
  add column worst_rank bigint not null generated always as
    (-(least(critical, 9999)::bigint * 100000000 + least(warning, 9999)::bigint * 10000 + least(info, 9999))) stored,
  add column amount_rank bigint not null generated always as (-coalesce(amount_cents, -1)) stored,
  add column name_rank text not null generated always as (lower(left(name, 200))) stored;
create index analysis_deals_by_worst on analysis_deals (workspace_id, analysis_id, worst_rank, amount_rank, line);
create index analysis_deals_by_amount on analysis_deals (workspace_id, analysis_id, amount_rank, line);
create index analysis_deals_by_name on analysis_deals (workspace_id, analysis_id, name_rank, line);

-- Not to be shown as open until then. Of a rule on a deal, so that it holds in the next analysis as well.
create table finding_snoozes (
  workspace_id  uuid not null references workspaces on delete cascade,
  subject       text not null,
  rule_id       text not null,
  snoozed_until timestamptz not null,
  reason        text not null default '',
  snoozed_by    text not null,
  snoozed_at    timestamptz not null default now(),
  primary key (workspace_id, subject, rule_id)
);
alter table finding_snoozes enable row level security;
create policy own on finding_snoozes using (workspace_id = current_workspace());

-- What people say about a rule on a deal.
create table finding_comments (
  workspace_id uuid not null references workspaces on delete cascade,
  id           uuid not null default uuidv7(),
  subject      text not null,
  rule_id      text not null,
  body         text not null,
  mentions     text[] not null default '{}',
  actor        text not null,
  at           timestamptz not null default now(),
  primary key (workspace_id, id)
);
create index finding_comments_of_finding on finding_comments (workspace_id, subject, rule_id, id);
alter table finding_comments enable row level security;
create policy own on finding_comments using (workspace_id = current_workspace());

-- The list of one owner, sent to them once per click.
create table finding_letters (
  workspace_id uuid not null,
  id           uuid not null default uuidv7(),
  send_id      uuid not null,
  analysis_id  uuid not null,
  user_id      text not null,
  outcome      text check (outcome in ('sent', 'nothing', 'refused', 'unknown')),
  because      text,
  message_id   text,
  claimed_at   timestamptz,
  sent_by      text not null,
  created_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, analysis_id) references analyses on delete cascade
);
create unique index finding_letters_once on finding_letters (workspace_id, send_id, user_id);
create index finding_letters_of_analysis on finding_letters (workspace_id, analysis_id, id);
alter table finding_letters enable row level security;
create policy own on finding_letters using (workspace_id = current_workspace());
