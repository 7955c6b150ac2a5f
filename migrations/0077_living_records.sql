-- Rows that were merged away or deleted keep what they were known by; only the living are unique, listed and found.
drop index companies_by_place;
drop index companies_by_domain;
drop index companies_by_name;
create unique index companies_by_place on companies (workspace_id, place_id)
  where place_id is not null and merged_into is null and deleted_at is null;
create unique index companies_by_domain on companies (workspace_id, domain)
  where place_id is null and domain is not null and merged_into is null and deleted_at is null;
create unique index companies_by_name on companies (workspace_id, name_normalized)
  where place_id is null and domain is null and name_normalized is not null
    and merged_into is null and deleted_at is null;
drop index contacts_by_identity;
drop index contacts_by_email;
create unique index contacts_by_identity on contacts (workspace_id, identity)
  where merged_into is null and deleted_at is null;
create unique index contacts_by_email on contacts (workspace_id, email_normalized)
  where email_normalized is not null and merged_into is null and deleted_at is null;

-- A deleted lead is not open, so nothing that asks for open leads needs to ask twice.
alter table leads alter column is_open
  set expression as (status in ('new', 'contacted', 'qualified') and deleted_at is null);
drop index leads_by_external;
create unique index leads_by_external on leads (workspace_id, source, external_id)
  where external_id is not null and deleted_at is null;
drop index leads_newest;
create index leads_newest on leads (workspace_id, id)
  include (status, source, owner_id, score, next_action_at, updated_at, is_open) where deleted_at is null;
create index leads_of_company on leads (workspace_id, company_id, id)
  include (last_activity_at) where company_id is not null and deleted_at is null;

create or replace function leads_found(
  pattern text, most int, before uuid,
  in_status text, in_source text, of_owner text, with_tag text, narrowed text[])
  returns setof uuid language plpgsql stable security definer set search_path = public as $$
begin
  return query execute format(
    'select id from leads l where workspace_id = %L and deleted_at is null and search like %L',
    current_workspace(), pattern)
    || case when before is null then '' else format(' and id < %L', before) end
    || case when in_status is null then '' else format(' and status = %L', in_status) end
    || case when in_source is null then '' else format(' and source = %L', in_source) end
    || case when of_owner is null then '' when of_owner = 'none' then ' and owner_id is null'
       else format(' and owner_id = %L', of_owner) end
    || case when with_tag is null then '' else format(
         ' and exists (select from lead_tags t where t.workspace_id = l.workspace_id and t.lead_id = l.id
           and t.slug = %L and t.removed_at is null)', with_tag) end
    || case when 'no-spam' = any(narrowed) then ' and status <> ''spam''' else '' end
    || case when 'open' = any(narrowed) then ' and is_open' else '' end
    || case when 'new' = any(narrowed) then ' and status = ''new''' else '' end
    || case when 'stale' = any(narrowed) then
         ' and is_open and (next_action_at < now() or updated_at <= now() - interval ''7 days'')' else '' end
    || case when 'needs-action' = any(narrowed) then
         ' and is_open and (next_action_at is null or next_action_at < now() + interval ''1 day'')' else '' end
    || format(' order by id desc limit %s', most);
end $$;

-- A list is answered from the index of its order.
create index companies_newest on companies (workspace_id, id)
  include (owner_id, industry, status) where merged_into is null and deleted_at is null;
create index companies_in_order on companies (workspace_id, (coalesce(name_normalized, '')), id)
  where merged_into is null and deleted_at is null;
create index companies_by_update on companies (workspace_id, updated_at, id)
  where merged_into is null and deleted_at is null;
create index companies_by_industry on companies (workspace_id, industry, id)
  where merged_into is null and deleted_at is null;
create index contacts_newest on contacts (workspace_id, id)
  include (owner_id, company_id) where merged_into is null and deleted_at is null;
create index contacts_in_order on contacts (workspace_id, name_normalized, id)
  where merged_into is null and deleted_at is null;
create index contacts_by_update on contacts (workspace_id, updated_at, id)
  where merged_into is null and deleted_at is null;
create index deals_won_of_company on deals (workspace_id, company_id)
  include (amount_cents, won_at, last_activity_at) where status = 'won' and deleted_at is null;

-- A person is found by where they work too.
create or replace function contact_search() returns trigger language plpgsql as $$ begin
  new.search := lower(concat_ws(' ', new.first_name, new.last_name, new.email_normalized, new.phone_e164, new.title,
    (select name from companies where workspace_id = new.workspace_id and id = new.company_id)));
  return new;
end $$;
drop trigger contacts_search on contacts;
create trigger contacts_search
  before insert or update of first_name, last_name, email_normalized, phone_e164, title, company_id on contacts
  for each row execute function contact_search();
create function company_renamed() returns trigger language plpgsql as $$ begin
  update contacts set company_id = company_id where workspace_id = new.workspace_id and company_id = new.id;
  return new;
end $$;
create trigger companies_renamed after update of name on companies
  for each row when (old.name is distinct from new.name) execute function company_renamed();
update contacts set company_id = company_id where company_id is not null;

-- As leads_found: the filters stand beside the search, which row-level security would keep from its index.
create function companies_found(
  pattern text, most int, before uuid, of_owner text, with_tag text, in_industry text, in_status text)
  returns setof uuid language plpgsql stable security definer set search_path = public as $$
begin
  return query execute format(
    'select id from companies c where workspace_id = %L and merged_into is null and deleted_at is null
      and search like %L', current_workspace(), pattern)
    || case when before is null then '' else format(' and id < %L', before) end
    || case when of_owner is null then '' when of_owner = 'none' then ' and owner_id is null'
       else format(' and owner_id = %L', of_owner) end
    || case when with_tag is null then '' else format(
         ' and exists (select from record_tags t where t.workspace_id = c.workspace_id and t.record = ''company''
           and t.record_id = c.id and t.slug = %L)', with_tag) end
    || case when in_industry is null then '' else format(' and industry = %L', in_industry) end
    || case when in_status is null then '' else format(' and status = %L', in_status) end
    || format(' order by id desc limit %s', most);
end $$;
create function contacts_found(
  pattern text, most int, before uuid, of_owner text, with_tag text, at_company uuid)
  returns setof uuid language plpgsql stable security definer set search_path = public as $$
begin
  return query execute format(
    'select id from contacts c where workspace_id = %L and merged_into is null and deleted_at is null
      and search like %L', current_workspace(), pattern)
    || case when before is null then '' else format(' and id < %L', before) end
    || case when of_owner is null then '' when of_owner = 'none' then ' and owner_id is null'
       else format(' and owner_id = %L', of_owner) end
    || case when with_tag is null then '' else format(
         ' and exists (select from record_tags t where t.workspace_id = c.workspace_id and t.record = ''contact''
           and t.record_id = c.id and t.slug = %L)', with_tag) end
    || case when at_company is null then '' else format(' and company_id = %L', at_company) end
    || format(' order by id desc limit %s', most);
end $$;
