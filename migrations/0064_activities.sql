-- Activities by the month of their id, so that old months can be read, moved and dropped by themselves.
alter table activities rename to activities_before;
create table activities (
  workspace_id uuid not null references workspaces on delete cascade,
  id           uuid not null default uuidv7(),
  lead_id      uuid,
  contact_id   uuid,
  company_id   uuid,
  deal_id      uuid,
  kind         text not null,
  title        text not null,
  body         text,
  data         jsonb not null default '{}',
  actor        text not null,
  key          text,
  at           timestamptz not null default now(),
  primary key (workspace_id, id)
) partition by range (id);
comment on column activities.key is 'Makes a retried effect one line.';
create index activities_of_lead_at on activities (workspace_id, lead_id, at, id);
create index activities_of_contact on activities (workspace_id, contact_id, at, id)
  where contact_id is not null;
create index activities_of_company on activities (workspace_id, company_id, at, id)
  where company_id is not null;
create index activities_of_deal on activities (workspace_id, deal_id, at, id)
  where deal_id is not null;
alter table activities enable row level security;
create policy own on activities using (workspace_id = current_workspace());

-- A key is unique over all months, which no index of a partitioned table can say.
create table activity_keys (
  workspace_id uuid not null references workspaces on delete cascade,
  key          text not null,
  primary key (workspace_id, key)
);
alter table activity_keys enable row level security;
create policy own on activity_keys using (workspace_id = current_workspace());
create function activity_once() returns trigger language plpgsql as $$ begin
  insert into activity_keys (workspace_id, key) values (new.workspace_id, new.key) on conflict do nothing;
  return case when found then new end;
end $$;

-- The first id that uuidv7() can make at an instant.
create function first_uuid(instant timestamptz) returns uuid language sql immutable as $$
  select (lpad(to_hex((extract(epoch from instant) * 1000)::bigint), 12, '0') || '70008000000000000000')::uuid
$$;

-- A partition can be asked by its own name, so it has the walls of the whole.
create function guard_activities(name text) returns void language plpgsql as $$ begin
  execute format('alter table %I enable row level security', name);
  execute format('create policy own on %I using (workspace_id = current_workspace())', name);
  execute format('revoke update, delete on %I from throughline_app', name);
end $$;

-- Makes the partitions of the months from one day to another; those that are there stay.
create function make_activity_months(from_day date, to_day date) returns int
  language plpgsql security definer set search_path = public as $$
declare
  month date := date_trunc('month', from_day);
  name text;
  made int := 0;
begin
  while month <= to_day loop
    name := 'activities_' || to_char(month, 'YYYY_MM');
    if to_regclass(name) is null then
      execute format('create table %I partition of activities for values from (%L) to (%L)', name,
        first_uuid(month::timestamp at time zone 'UTC'),
        first_uuid((month + interval '1 month')::timestamp at time zone 'UTC'));
      perform guard_activities(name);
      made := made + 1;
    end if;
    month := month + interval '1 month';
  end loop;
  return made;
end $$;
create table activities_other partition of activities default;
select guard_activities('activities_other');
select make_activity_months((now() - interval '14 months')::date, (now() + interval '12 months')::date);

insert into activities (workspace_id, id, lead_id, contact_id, company_id, kind, title, body, data, actor, key, at)
select workspace_id, id, lead_id, contact_id, company_id, kind, title, body, data, actor, key, at from activities_before;
insert into activity_keys select workspace_id, key from activities_before where key is not null;
drop table activities_before;
create trigger activities_once before insert on activities
  for each row when (new.key is not null) execute function activity_once();
revoke update, delete on activities from throughline_app;

-- What is to be done, on any record.
alter table tasks
  add column contact_id uuid,
  add column company_id uuid,
  add column deal_id    uuid,
  add column body       text,
  add column priority   text not null default 'medium' check (priority in ('low', 'medium', 'high')),
  add column created_by text;
alter table tasks drop constraint tasks_kind_check;
alter table tasks add constraint tasks_kind_check
  check (kind in ('task', 'call', 'meeting', 'email', 'reply', 'fix', 'assign'));
alter table tasks add foreign key (workspace_id, deal_id) references deals on delete cascade;
create index tasks_of_deal on tasks (workspace_id, deal_id, id);
create index tasks_of_contact on tasks (workspace_id, contact_id, id);
create index tasks_of_company on tasks (workspace_id, company_id, id);
create index tasks_of_assignee on tasks (workspace_id, assignee_id, due_at, id) where done_at is null and cancelled_at is null;
