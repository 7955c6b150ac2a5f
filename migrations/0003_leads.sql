-- A company is known by its place, else its domain, else its name. Two places never merge.
create table companies (
  workspace_id    uuid not null references workspaces on delete cascade,
  id              uuid not null default uuidv7(),
  name            text,
  name_normalized text,
  place_id        text,
  domain          text,
  website         text,
  maps_url        text,
  linkedin        text,
  phone           text,
  industry        text,
  icp             text,
  size            int,
  status          text not null default 'LEAD',
  line1           text,
  city            text,
  region          text,
  postal_code     text,
  country         text,
  enriched_at     timestamptz,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  primary key (workspace_id, id)
);
comment on column companies.icp is 'The vertical it belongs to, a key of rules/icp.yaml.';
comment on column companies.country is 'ISO 3166 alpha-2.';
create unique index companies_by_place on companies (workspace_id, place_id) where place_id is not null;
create unique index companies_by_domain on companies (workspace_id, domain)
  where place_id is null and domain is not null;
create unique index companies_by_name on companies (workspace_id, name_normalized)
  where place_id is null and domain is null and name_normalized is not null;
create index companies_of_domain on companies (workspace_id, domain) where domain is not null;
create index companies_of_name on companies (workspace_id, name_normalized) where name_normalized is not null;
alter table companies enable row level security;
create policy own on companies using (workspace_id = current_workspace());

create table contacts (
  workspace_id     uuid not null references workspaces on delete cascade,
  id               uuid not null default uuidv7(),
  company_id       uuid,
  identity         text not null,
  first_name       text,
  last_name        text,
  name_normalized  text not null default '',
  title            text,
  email            text,
  email_normalized text,
  email_kind       text,
  phone            text,
  phone_e164       text,
  phone_type       text,
  sms_eligible     boolean not null default false,
  sms_verified     boolean not null default false,
  linkedin         text,
  time_zone        text,
  zone_source      text,
  city             text,
  region           text,
  country          text,
  do_not_contact   boolean not null default false,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, company_id) references companies
);
comment on column contacts.identity is 'e:address, else p:phone|name, else c:company|name; settles races.';
comment on column contacts.email_kind is 'business, free, role or disposable.';
comment on column contacts.zone_source is 'phone, address or workspace; nothing while the zone is unknown.';
create unique index contacts_by_identity on contacts (workspace_id, identity);
create unique index contacts_by_email on contacts (workspace_id, email_normalized) where email_normalized is not null;
create index contacts_by_phone on contacts (workspace_id, phone_e164) where phone_e164 is not null;
create index contacts_by_company on contacts (workspace_id, company_id);
alter table contacts enable row level security;
create policy own on contacts using (workspace_id = current_workspace());

create table leads (
  workspace_id     uuid not null references workspaces on delete cascade,
  id               uuid not null default uuidv7(),
  contact_id       uuid not null,
  company_id       uuid,
  status           text not null default 'new'
    check (status in ('new', 'contacted', 'qualified', 'unqualified', 'converted', 'spam')),
  stage            text not null default 'NEW',
  source           text not null default 'other',
  campaign         text,
  external_id      text,
  icp              text,
  score            int,
  score_base       int,
  score_factors    jsonb not null default '[]',
  scored_at        timestamptz,
  owner_id         text,
  assigned_because text,
  next_action      text,
  next_action_at   timestamptz,
  notes            text,
  fields           jsonb not null default '{}',
  flags            jsonb not null default '[]',
  search           text not null default '',
  intake_at        timestamptz,
  intake_problem   text,
  won_at           timestamptz,
  lost_at          timestamptz,
  last_activity_at timestamptz not null default now(),
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  is_open          boolean generated always as (status in ('new', 'contacted', 'qualified')) stored,
  is_spam          boolean generated always as (status = 'spam') stored,
  is_converted     boolean generated always as (status = 'converted') stored,
  primary key (workspace_id, id),
  foreign key (workspace_id, contact_id) references contacts,
  foreign key (workspace_id, company_id) references companies
);
comment on column leads.flags is 'What was odd about it when it came, [{field, message}]; kept, not refused.';
comment on column leads.search is 'Name, address, phone and company in lower case, for list_leads_like.';
comment on column leads.intake_at is 'When it was enriched, scored, assigned and offered to the sequences.';
create unique index leads_open_of_contact on leads (workspace_id, contact_id) where is_open;
create unique index leads_by_external on leads (workspace_id, source, external_id) where external_id is not null;
create index leads_by_status on leads (workspace_id, status, id);
create index leads_by_owner on leads (workspace_id, owner_id, id);
create index leads_by_source on leads (workspace_id, source, id);
create index leads_by_score on leads (workspace_id, score, id);
create index leads_by_next_action on leads (workspace_id, next_action_at, id) where is_open;
create index leads_by_update on leads (workspace_id, updated_at, id);
create index leads_of_contact on leads (workspace_id, contact_id, id);
create index leads_by_search on leads using gin (search gin_trgm_ops);
alter table leads enable row level security;
create policy own on leads using (workspace_id = current_workspace());

-- Row-level security keeps a trigram index from being used, so the search filters on the workspace itself.
create function leads_like(pattern text, most int, before uuid) returns setof uuid
  language sql stable security definer set search_path = public as $$
  select id from leads
  where workspace_id = current_workspace() and search like pattern and (before is null or id < before)
  order by id desc limit most
$$;

create table tags (
  workspace_id uuid not null references workspaces on delete cascade,
  slug         text not null check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  label        text not null,
  kind         text not null default 'custom' check (kind in ('disposition', 'precall', 'custom', 'system')),
  actions      jsonb not null default '[]',
  active       boolean not null default true,
  position     int not null default 0,
  primary key (workspace_id, slug)
);
comment on column tags.actions is 'What happens at once when it is applied: pause_plusvibe, stop_plusvibe, cancel_precall_sequences, suppress.';
alter table tags enable row level security;
create policy own on tags using (workspace_id = current_workspace());

create table lead_tags (
  workspace_id uuid not null,
  lead_id      uuid not null,
  slug         text not null,
  applied_by   text not null,
  applied_at   timestamptz not null default now(),
  removed_at   timestamptz,
  times        int not null default 1,
  primary key (workspace_id, lead_id, slug),
  foreign key (workspace_id, lead_id) references leads on delete cascade,
  foreign key (workspace_id, slug) references tags
);
comment on column lead_tags.times is 'How often it was applied; part of what starts a sequence once.';
create index lead_tags_by_slug on lead_tags (workspace_id, slug, lead_id) where removed_at is null;
alter table lead_tags enable row level security;
create policy own on lead_tags using (workspace_id = current_workspace());

-- Words a workspace may choose: lead sources beside the built-in ones, company statuses, lead stages.
create table taxonomy_terms (
  workspace_id uuid not null references workspaces on delete cascade,
  taxonomy     text not null check (taxonomy in ('lead-source', 'company-status', 'lead-stage')),
  slug         text not null,
  label        text not null,
  colour       text,
  position     int not null default 0,
  archived_at  timestamptz,
  primary key (workspace_id, taxonomy, slug)
);
alter table taxonomy_terms enable row level security;
create policy own on taxonomy_terms using (workspace_id = current_workspace());

-- Every score a lead ever had, with what made it.
create table lead_scores (
  workspace_id uuid not null,
  id           uuid not null default uuidv7(),
  lead_id      uuid not null,
  score        int not null,
  base         int not null,
  factors      jsonb not null,
  because      text not null,
  at           timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, lead_id) references leads on delete cascade
);
create index lead_scores_of_lead on lead_scores (workspace_id, lead_id, id);
alter table lead_scores enable row level security;
create policy own on lead_scores using (workspace_id = current_workspace());

-- What happened, in one line each, on a lead. Append-only.
create table activities (
  workspace_id uuid not null references workspaces on delete cascade,
  id           uuid not null default uuidv7(),
  lead_id      uuid,
  contact_id   uuid,
  company_id   uuid,
  kind         text not null,
  title        text not null,
  body         text,
  data         jsonb not null default '{}',
  actor        text not null,
  key          text,
  at           timestamptz not null default now(),
  primary key (workspace_id, id)
);
comment on column activities.key is 'Makes a retried effect one line.';
create unique index activities_once on activities (workspace_id, key) where key is not null;
create index activities_of_lead on activities (workspace_id, lead_id, at, id);
alter table activities enable row level security;
create policy own on activities using (workspace_id = current_workspace());

create table tasks (
  workspace_id  uuid not null references workspaces on delete cascade,
  id            uuid not null default uuidv7(),
  lead_id       uuid,
  enrolment_id  uuid,
  step_id       text,
  visit         int,
  kind          text not null check (kind in ('task', 'call', 'reply', 'fix', 'assign')),
  title         text not null,
  because       text,
  assignee_id   text,
  due_at        timestamptz,
  snoozed_until timestamptz,
  done_at       timestamptz,
  done_by       text,
  outcome       text,
  cancelled_at  timestamptz,
  created_at    timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, lead_id) references leads on delete cascade
);
create unique index tasks_of_step on tasks (workspace_id, enrolment_id, step_id, visit) where enrolment_id is not null;
create index tasks_open on tasks (workspace_id, due_at, id) where done_at is null and cancelled_at is null;
create index tasks_of_lead on tasks (workspace_id, lead_id, id);
alter table tasks enable row level security;
create policy own on tasks using (workspace_id = current_workspace());

create table notifications (
  workspace_id uuid not null references workspaces on delete cascade,
  id           uuid not null default uuidv7(),
  user_id      text not null,
  kind         text not null,
  title        text not null,
  href         text,
  lead_id      uuid,
  key          text,
  read_at      timestamptz,
  at           timestamptz not null default now(),
  primary key (workspace_id, id)
);
create unique index notifications_once on notifications (workspace_id, user_id, key) where key is not null;
create index notifications_of_user on notifications (workspace_id, user_id, id);
alter table notifications enable row level security;
create policy own on notifications using (workspace_id = current_workspace());

-- Where a lead goes: ordered rules on place, industry and size; the first that fits decides.
create table territories (
  workspace_id uuid not null references workspaces on delete cascade,
  id           uuid not null default uuidv7(),
  name         text not null,
  position     int not null,
  condition    jsonb not null,
  member_ids   jsonb not null default '[]',
  needs        jsonb not null default '[]',
  primary key (workspace_id, id)
);
comment on column territories.needs is 'Skills a member must have for these leads.';
alter table territories enable row level security;
create policy own on territories using (workspace_id = current_workspace());
