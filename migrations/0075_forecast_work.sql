-- What somebody committed to for a month: every word that was given is kept.
create table forecast_commits (
  workspace_id   uuid not null references workspaces on delete cascade,
  id             uuid not null default uuidv7(),
  month          date not null check (extract(day from month) = 1),
  owner_id       text not null default '',
  amount_cents   bigint not null check (amount_cents >= 0),
  weighted_cents bigint not null,
  note           text,
  actor          text not null,
  at             timestamptz not null default now(),
  primary key (workspace_id, id)
);
comment on column forecast_commits.weighted_cents is 'What the forecast said at that moment.';
create index forecast_commits_of_month on forecast_commits (workspace_id, month, owner_id, id);
alter table forecast_commits enable row level security;
create policy own on forecast_commits using (workspace_id = current_workspace());
revoke update, delete on forecast_commits from throughline_app;

-- How far a lead came and when it first did, so that a funnel does not read every line of its history.
alter table leads
  add column contacted_at timestamptz,
  add column qualified_at timestamptz;
comment on column leads.contacted_at is 'When it first was contacted, or more.';
comment on column leads.qualified_at is 'When it first was qualified, or more.';
create function lead_came_far() returns trigger language plpgsql as $$ begin
  if new.status in ('contacted', 'qualified', 'converted') then
    new.contacted_at := coalesce(new.contacted_at, now());
  end if;
  if new.status in ('qualified', 'converted') then
    new.qualified_at := coalesce(new.qualified_at, now());
  end if;
  return new;
end $$;
create trigger leads_came_far before insert or update of status on leads
  for each row when (new.status in ('contacted', 'qualified', 'converted'))
  execute function lead_came_far();
update leads l set contacted_at = first.contacted, qualified_at = first.qualified
from (
  select l.workspace_id, l.id,
    coalesce(min(a.at) filter (where a.data ->> 'to' in ('contacted', 'qualified', 'converted')),
      case when l.status in ('contacted', 'qualified', 'converted') then l.updated_at end) as contacted,
    coalesce(min(a.at) filter (where a.data ->> 'to' in ('qualified', 'converted')),
      case when l.status in ('qualified', 'converted') then l.updated_at end) as qualified
  from leads l left join activities a
    on a.workspace_id = l.workspace_id and a.lead_id = l.id and a.kind = 'status_changed'
  group by l.workspace_id, l.id) first
where first.workspace_id = l.workspace_id and first.id = l.id and first.contacted is not null;
