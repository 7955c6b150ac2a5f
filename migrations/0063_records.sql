-- Companies and contacts as records of their own: who owns them, how they are filed, whether they were merged.
alter table companies
  add column owner_id    text,
  add column phone_e164  text,
  add column notes       text,
  add column fields      jsonb not null default '{}',
  add column search      text not null default '',
  add column merged_into uuid,
  add column deleted_at  timestamptz,
  add column last_activity_at timestamptz;
alter table contacts
  add column owner_id    text,
  add column notes       text,
  add column fields      jsonb not null default '{}',
  add column search      text not null default '',
  add column merged_into uuid,
  add column deleted_at  timestamptz,
  add column last_activity_at timestamptz;
alter table leads
  add column deleted_at  timestamptz,
  add column deal_id     uuid,
  add column converted_at timestamptz,
  add foreign key (workspace_id, deal_id) references deals;
comment on column leads.deal_id is 'The deal that it was converted to.';
comment on column companies.search is 'Name, domain and phone in lower case.';
comment on column contacts.search is 'Name, address, phone and company in lower case.';

create function company_search() returns trigger language plpgsql as $$ begin
  new.search := lower(concat_ws(' ', new.name, new.domain, new.phone, new.city));
  return new;
end $$;
create trigger companies_search before insert or update of name, domain, phone, city on companies
  for each row execute function company_search();
create function contact_search() returns trigger language plpgsql as $$ begin
  new.search := lower(concat_ws(' ', new.first_name, new.last_name, new.email_normalized, new.phone_e164, new.title));
  return new;
end $$;
create trigger contacts_search before insert or update of first_name, last_name, email_normalized, phone_e164, title on contacts
  for each row execute function contact_search();
update companies set name = name;
update contacts set first_name = first_name;
create index companies_by_search on companies using gin (search gin_trgm_ops);
create index contacts_by_search on contacts using gin (search gin_trgm_ops);
create index companies_of_owner on companies (workspace_id, owner_id, id);
create index contacts_of_owner on contacts (workspace_id, owner_id, id);

create function companies_like(pattern text, most int, before uuid) returns setof uuid
  language sql stable security definer set search_path = public as $$
  select id from companies
  where workspace_id = current_workspace() and merged_into is null and deleted_at is null and search like pattern
    and (before is null or id < before)
  order by id desc limit most
$$;
create function contacts_like(pattern text, most int, before uuid) returns setof uuid
  language sql stable security definer set search_path = public as $$
  select id from contacts
  where workspace_id = current_workspace() and merged_into is null and deleted_at is null and search like pattern
    and (before is null or id < before)
  order by id desc limit most
$$;

create table addresses (
  workspace_id uuid not null,
  id           uuid not null default uuidv7(),
  company_id   uuid not null,
  kind         text not null check (kind in ('billing', 'shipping', 'office', 'site', 'other')),
  line1        text not null,
  line2        text,
  city         text,
  region       text,
  postal_code  text,
  country      text,
  is_default   boolean not null default false,
  created_at   timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, company_id) references companies on delete cascade
);
create index addresses_of_company on addresses (workspace_id, company_id, id);
create unique index addresses_default on addresses (workspace_id, company_id, kind) where is_default;
alter table addresses enable row level security;
create policy own on addresses using (workspace_id = current_workspace());

-- Tags of what is no lead; those of leads start sequences and have a table of their own.
create table record_tags (
  workspace_id uuid not null references workspaces on delete cascade,
  record       text not null check (record in ('company', 'contact', 'deal')),
  record_id    uuid not null,
  slug         text not null,
  applied_by   text not null,
  applied_at   timestamptz not null default now(),
  primary key (workspace_id, record, record_id, slug),
  foreign key (workspace_id, slug) references tags
);
create index record_tags_by_slug on record_tags (workspace_id, record, slug, record_id);
alter table record_tags enable row level security;
create policy own on record_tags using (workspace_id = current_workspace());

create table attachments (
  workspace_id uuid not null references workspaces on delete cascade,
  id           uuid not null default uuidv7(),
  record       text not null check (record in ('lead', 'company', 'contact', 'deal')),
  record_id    uuid not null,
  activity_id  uuid,
  file_name    text not null,
  media_type   text not null,
  bytes        bigint not null,
  blob         text not null,
  created_by   text not null,
  created_at   timestamptz not null default now(),
  primary key (workspace_id, id)
);
create index attachments_of_record on attachments (workspace_id, record, record_id, id);
alter table attachments enable row level security;
create policy own on attachments using (workspace_id = current_workspace());

create table saved_views (
  workspace_id uuid not null references workspaces on delete cascade,
  id           uuid not null default uuidv7(),
  list         text not null check (list in ('leads', 'companies', 'contacts', 'deals', 'customers', 'activities', 'ledger')),
  name         text not null,
  query        text not null default '',
  columns      jsonb not null default '[]',
  grouping     text,
  sums         jsonb not null default '[]',
  owner_id     text not null,
  is_shared    boolean not null default false,
  position     int not null default 0,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  primary key (workspace_id, id)
);
comment on column saved_views.query is 'The part of the address after the question mark: filters and sort.';
create index saved_views_of_list on saved_views (workspace_id, list, position, id);
alter table saved_views enable row level security;
create policy own on saved_views using (workspace_id = current_workspace());

-- What a bulk change replaced, so that it can be taken back.
create table undos (
  workspace_id uuid not null references workspaces on delete cascade,
  id           uuid not null default uuidv7(),
  record       text not null check (record in ('lead', 'company', 'contact', 'deal')),
  what         text not null,
  before       jsonb not null,
  actor        text not null,
  at           timestamptz not null default now(),
  undone_at    timestamptz,
  primary key (workspace_id, id)
);
comment on column undos.before is '[{id, values, tags}] as they were; what somebody changed since stays.';
alter table undos enable row level security;
create policy own on undos using (workspace_id = current_workspace());

-- Pairs that may be one and the same, waiting for a person.
create table duplicates (
  workspace_id uuid not null references workspaces on delete cascade,
  record       text not null check (record in ('contact', 'company')),
  first_id     uuid not null,
  second_id    uuid not null,
  score        real not null check (score between 0 and 1),
  reasons      jsonb not null,
  status       text not null default 'open' check (status in ('open', 'dismissed', 'merged')),
  found_at     timestamptz not null default now(),
  settled_by   text,
  settled_at   timestamptz,
  primary key (workspace_id, record, first_id, second_id),
  check (first_id < second_id)
);
create index duplicates_open on duplicates (workspace_id, record, score desc, first_id) where status = 'open';
alter table duplicates enable row level security;
create policy own on duplicates using (workspace_id = current_workspace());

create table merges (
  workspace_id uuid not null references workspaces on delete cascade,
  id           uuid not null default uuidv7(),
  record       text not null check (record in ('contact', 'company')),
  kept_id      uuid not null,
  merged_id    uuid not null,
  before       jsonb not null,
  moved        jsonb not null,
  actor        text not null,
  at           timestamptz not null default now(),
  undone_at    timestamptz,
  primary key (workspace_id, id)
);
comment on column merges.before is 'Both rows as they were.';
comment on column merges.moved is '{table: [ids]} of what belonged to the merged one.';
alter table merges enable row level security;
create policy own on merges using (workspace_id = current_workspace());

-- How far a scan for duplicates has come.
create table duplicate_scans (
  workspace_id uuid not null references workspaces on delete cascade,
  id           uuid not null default uuidv7(),
  record       text not null,
  total        int not null default 0,
  done         int not null default 0,
  found        int not null default 0,
  cursor       uuid,
  status       text not null default 'running' check (status in ('running', 'done', 'failed')),
  started_at   timestamptz not null default now(),
  finished_at  timestamptz,
  primary key (workspace_id, id)
);
alter table duplicate_scans enable row level security;
create policy own on duplicate_scans using (workspace_id = current_workspace());
