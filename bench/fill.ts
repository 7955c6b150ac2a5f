import { type Kysely, sql } from 'kysely';
import type { DB } from '#db/schema.ts';

export const LEADS = 100_000;
export const DEALS = 20_000;
export const OPEN_DEALS = 5_000;
export const ACTIVITIES = 1_000_000;

/** Straight into the tables: how they came in is another question. */
export async function fillLeads(
  db: Kysely<DB>,
  workspaceId: string,
  ownerId: string,
): Promise<void> {
  await sql`
    with firm as (
      insert into companies (workspace_id, name, name_normalized, domain)
      select ${workspaceId}::uuid, 'Firm ' || n, 'firm ' || n, 'firm-' || n || '.example'
      from generate_series(1, ${LEADS / 4}::int) n returning id, name),
    numbered as (select id, name, row_number() over () as place from firm),
    person as (
      insert into contacts (workspace_id, company_id, identity, first_name, last_name, name_normalized, email, email_normalized)
      select ${workspaceId}::uuid, numbered.id, 'e:person-' || n.n || '@firm.example', 'Ada', 'Person ' || n.n,
             'ada person ' || n.n, 'person-' || n.n || '@firm.example', 'person-' || n.n || '@firm.example'
      from generate_series(1, ${LEADS}::int) n(n) join numbered on numbered.place = 1 + n.n % ${LEADS / 4}
      returning id, company_id, last_name, email)
    insert into leads (workspace_id, contact_id, company_id, status, source, owner_id, score, score_base, intake_at,
                       next_action_at, updated_at, search)
    select ${workspaceId}::uuid, person.id, person.company_id,
           (array['new', 'contacted', 'qualified', 'unqualified'])[1 + n % 4],
           (array['website', 'referral', 'event'])[1 + n % 3], ${ownerId}, n % 101, n % 101, now(),
           case when n % 5 = 0 then now() + (n % 30 - 10) * interval '1 day' end,
           now() - (n % 20) * interval '1 day',
           lower('ada ' || person.last_name || ' ' || person.email || ' ' || firm_of.name)
    from (select p.*, split_part(p.last_name, ' ', 2)::int as n from person p) person
    join numbered firm_of on firm_of.id = person.company_id`.execute(db);
  await sql`
    insert into lead_tags (workspace_id, lead_id, slug, applied_by)
    select workspace_id, id, 'callback', 'bench' from leads
    where workspace_id = ${workspaceId} and score % 10 = 0`.execute(db);
  await sql`vacuum analyze`.execute(db);
}

/** Two years of deals and of what was done for them, the same in every run: each number is a hash of its place. */
export async function fillPipeline(
  db: Kysely<DB>,
  workspaceId: string,
  ownerIds: string[],
): Promise<void> {
  await sql`
    create or replace function pick(n bigint, salt text) returns float8 language sql immutable as $$
      select (('x' || substr(md5(salt || n), 1, 7))::bit(28)::int)::float8 / 268435456 $$`.execute(
    db,
  );
  await sql`
    create or replace function id_at(instant timestamptz, n bigint) returns uuid language sql immutable as $$
      select (lpad(to_hex((extract(epoch from instant) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3)
        || '8' || substr(md5(n::text), 4, 15))::uuid $$`.execute(db);
  await sql`select make_activity_months((now() - interval '26 months')::date, now()::date)`.execute(
    db,
  );
  await sql`
    with way as (
      select p.id as pipeline_id, array_agg(s.id order by s.position) as stages, array_agg(s.probability order by s.position) as odds
      from pipelines p join stages s on s.pipeline_id = p.id and s.workspace_id = p.workspace_id
      where p.workspace_id = ${workspaceId} group by p.id),
    person as (
      select l.id as lead_id, l.contact_id, l.company_id, row_number() over (order by l.id) as place
      from leads l where l.workspace_id = ${workspaceId}),
    one as (
      select n, n <= ${OPEN_DEALS} as is_open, pick(n, 'won') < 0.4 as is_won, 1 + (pick(n, 'stage') * 4)::int % 4 as stage,
        case when n <= ${OPEN_DEALS} then now() - pick(n, 'age') * interval '150 days'
             else now() - interval '20 days' - pick(n, 'age') * interval '700 days' end as born,
        (1 + pick(n, 'cycle') * 60) * interval '1 day' as cycle,
        (pick(n, 'amount') * pick(n, 'amount') * 12000000)::bigint as cents
      from generate_series(1, ${DEALS}::int) n)
    insert into deals (workspace_id, id, pipeline_id, stage_id, status, name, company_id, contact_id, owner_id, source,
      amount_cents, typed_cents, probability, expected_close_on, next_action, next_action_at, lost_reason, won_at, lost_at,
      stage_entered_at, last_activity_at, search, created_by, created_at, updated_at)
    select ${workspaceId}, id_at(born, n), pipeline_id, stages[case when is_open then stage when is_won then 5 else 6 end],
      case when is_open then 'open' when is_won then 'won' else 'lost' end, 'Deal ' || n, company_id, contact_id,
      (${ownerIds}::text[])[1 + n % ${ownerIds.length}], (array['manual', 'hubspot', 'salesforce'])[1 + n % 3],
      cents, cents, case when is_open then odds[stage] when is_won then 100 else 0 end,
      case when n % 20 > 0 then (now() + (pick(n, 'close') * 120 - 15) * interval '1 day')::date end,
      case when n % 4 > 0 then 'Call' end, case when n % 4 > 0 then now() + (pick(n, 'next') * 20 - 5) * interval '1 day' end,
      case when not is_open and not is_won then (array['price', 'timing', 'competitor', 'no answer'])[1 + n % 4] end,
      case when not is_open and is_won then least(born + cycle, now()) end,
      case when not is_open and not is_won then least(born + cycle, now()) end,
      least(born + cycle * 0.8, now()), least(born + cycle * (0.5 + pick(n, 'quiet') / 2), now()),
      'deal ' || n || ' firm', ${ownerIds[0]!}, born, least(born + cycle, now())
    from one, way, person where person.place = 1 + n * 4`.execute(db);
  await sql`
    insert into deal_events (workspace_id, deal_id, kind, after, actor, at)
    select workspace_id, id, 'created', '{}', created_by, created_at from deals where workspace_id = ${workspaceId}
    union all
    select d.workspace_id, d.id, 'stage_changed', jsonb_build_object('stageId', stage_id, 'probability', probability), created_by,
      stage_entered_at
    from deals d where workspace_id = ${workspaceId}
    union all
    select workspace_id, id, status, '{}', created_by, coalesce(won_at, lost_at) from deals
    where workspace_id = ${workspaceId} and status <> 'open'`.execute(db);
  await sql`
    insert into activities (workspace_id, id, deal_id, contact_id, company_id, kind, title, actor, at)
    select workspace_id, id_at(at, n), deal_id, contact_id, company_id,
      (array['call', 'email', 'meeting', 'note', 'sms'])[1 + n % 5], 'Touch ' || n, actor, at
    from (
      select d.workspace_id, d.id as deal_id, d.contact_id, d.company_id, d.owner_id as actor, n,
        d.created_at + pick(n, 'at') * (d.last_activity_at - d.created_at) as at
      from generate_series(1, ${ACTIVITIES}::int) n
      join (select *, row_number() over (order by id) as place from deals where workspace_id = ${workspaceId}) d
        on d.place = 1 + n % ${DEALS}) made`.execute(db);
  await sql`vacuum analyze`.execute(db);
}
