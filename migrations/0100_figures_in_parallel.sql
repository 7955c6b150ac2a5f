-- Asked in so many words for its workspace, Postgres may count with two hands; a function of ours it takes for unsafe.
create or replace function lead_groups(
  begins timestamptz[], at timestamptz, stale_days int, subject text, of_owner text)
  returns table (
    status text, place int, is_own boolean, count bigint, active bigint, stale bigint, overdue bigint,
    contacted bigint, qualified bigint, converted bigint, won bigint,
    contacted_days float8, qualified_days float8, deal_days float8, won_days float8,
    contacted_times bigint, qualified_times bigint, deal_times bigint, won_times bigint)
  language sql stable security definer set search_path = public as $$
  select l.status, width_bucket(l.created_at, begins), l.owner_id is not distinct from subject, count(*),
    count(*) filter (where is_open),
    count(*) filter (where is_open and (next_action_at < at or updated_at <= at - make_interval(days => stale_days))),
    count(*) filter (where is_open and next_action_at < at),
    count(contacted_at), count(qualified_at),
    count(*) filter (where l.status = 'converted' or converted_at is not null), count(won_at),
    sum(date_part('epoch', contacted_at - created_at) / 86400) filter (where contacted_at >= created_at),
    sum(date_part('epoch', qualified_at - contacted_at) / 86400) filter (where qualified_at >= contacted_at),
    sum(date_part('epoch', converted_at - qualified_at) / 86400) filter (where converted_at >= qualified_at),
    sum(date_part('epoch', won_at - converted_at) / 86400) filter (where won_at >= converted_at),
    count(*) filter (where contacted_at >= created_at), count(*) filter (where qualified_at >= contacted_at),
    count(*) filter (where converted_at >= qualified_at), count(*) filter (where won_at >= converted_at)
  from leads l
  where workspace_id = (select nullif(current_setting('app.workspace_id', true), '')::uuid) and deleted_at is null and l.status <> 'spam'
    and (of_owner is null or owner_id = of_owner)
  group by 1, 2, 3
$$;

create or replace function deals_stood(since timestamptz, numbers json)
  returns table (deal_id uuid, been bigint)
  language sql stable security definer set search_path = public as $$
  select e.deal_id, bit_or(1::bigint << n.number)
  from deal_events e join json_to_recordset(numbers) n(id text, number int) on n.id = e.after ->> 'stageId'
  where e.workspace_id = (select nullif(current_setting('app.workspace_id', true), '')::uuid) and e.kind in ('created', 'stage_changed')
    and (since is null or e.at >= since)
  group by 1
$$;
