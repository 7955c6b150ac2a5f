-- What happened, in the order it was written, for whoever wants to know later. Ids and numbers, no people.
create table events (
  workspace_id uuid not null references workspaces on delete cascade,
  id           uuid not null default uuidv7(),
  kind         text not null,
  data         jsonb not null default '{}',
  at           timestamptz not null default now(),
  primary key (workspace_id, id)
);
comment on column events.kind is 'deal.stage_changed, deal.closed_won, deal.closed_lost, …';
create index events_of_kind on events (workspace_id, kind, id);
alter table events enable row level security;
create policy own on events using (workspace_id = current_workspace());
revoke update, delete on events from throughline_app;

-- A deal is found by its name, its company, its contact and what it is called elsewhere.
create function deal_search() returns trigger language plpgsql as $$ begin
  new.search := lower(concat_ws(' ', new.name,
    (select name from companies where workspace_id = new.workspace_id and id = new.company_id),
    (select concat_ws(' ', first_name, last_name) from contacts
     where workspace_id = new.workspace_id and id = new.contact_id),
    new.external_id));
  return new;
end $$;
create trigger deals_search before insert or update of name, company_id, contact_id, external_id on deals
  for each row execute function deal_search();
create function deals_renamed() returns trigger language plpgsql as $$ begin
  if tg_table_name = 'companies' then
    update deals set name = name where workspace_id = new.workspace_id and company_id = new.id;
  else
    update deals set name = name where workspace_id = new.workspace_id and contact_id = new.id;
  end if;
  return null;
end $$;
create trigger companies_rename_deals after update of name on companies
  for each row when (old.name is distinct from new.name) execute function deals_renamed();
create trigger contacts_rename_deals after update of first_name, last_name on contacts
  for each row when (old.first_name is distinct from new.first_name or old.last_name is distinct from new.last_name)
  execute function deals_renamed();
update deals set name = name;

-- A column of the board, the riskiest first.
create index deals_on_board on deals (workspace_id, stage_id, (coalesce(risk_score, 0)) desc, id desc)
  where status = 'open' and deleted_at is null and archived_at is null;
-- A list is answered from the index of its order.
create index deals_newest on deals (workspace_id, id desc) where deleted_at is null;
create index deals_by_update on deals (workspace_id, updated_at desc, id desc) where deleted_at is null;
