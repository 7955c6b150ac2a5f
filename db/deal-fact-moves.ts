import { sql } from 'kysely';
import type { RuleFacts } from '#domain/rule.ts';
import type { Scope } from './scope.ts';

/** What the history of deals says: how they moved, when something was proposed, and who agreed to a discount. */
export async function movesOfDeals(
  { db }: Scope,
  ids: string[],
  now: string,
): Promise<Map<string, RuleFacts>> {
  const { rows } = await sql<RuleFacts & { id: string }>`
    with event as materialized (
      select e.deal_id, e.kind, e.at, e.id, e.actor, (e.before->>'stageId')::uuid as from_id, (e.after->>'stageId')::uuid as to_id,
        (e.after->'line'->>'discountPercent')::float8 as discount
      from deal_events e
      where e.deal_id = any(${ids}::uuid[]) and e.at <= ${now} and (e.after ? 'stageId' or e.kind in ('line_added', 'line_changed'))),
    move as (
      select e.deal_id, e.at, e.id, f.position as was, t.position as is, f.kind as from_kind, t.kind as to_kind,
        f.pipeline_id = t.pipeline_id as is_inside, t.pipeline_id,
        row_number() over (partition by e.deal_id order by e.at desc, e.id desc) as place
      from event e join stages f on f.id = e.from_id join stages t on t.id = e.to_id
      where e.from_id <> e.to_id),
    skipped as (
      select deal_id, (select count(*) from stages s where s.pipeline_id = m.pipeline_id and s.kind = 'open'
          and s.archived_at is null and s.position > m.was and s.position < m.is) as skipped
      from move m where place = 1 and is_inside and from_kind = 'open' and to_kind <> 'lost'),
    back as (
      select deal_id, max(at) as at from move
      where is_inside and from_kind = 'open' and to_kind = 'open' and move.is < was group by 1),
    entered as (
      select e.deal_id, e.at from event e join stages s on s.id = e.to_id where s.slug like '%proposal%'
      union all
      select d.id, d.stage_entered_at from deals d join stages s on s.id = d.stage_id
      where d.id = any(${ids}::uuid[]) and s.slug like '%proposal%'
      union all
      select record_id, created_at from attachments
      where record = 'deal' and record_id = any(${ids}::uuid[]) and file_name ~* ${proposalName} and created_at <= ${now}),
    proposal as (select deal_id, min(at) as at from entered group by 1),
    discount as (
      select e.deal_id, max(e.at) filter (where ${mayApprove('e.actor')}) as approved_at,
        max(e.at) filter (where not ${mayApprove('e.actor')}) as asked_at
      from event e where e.discount > 0 group by 1),
    agreed as (
      select t.deal_id, max(t.done_at) as at from tasks t
      where t.deal_id = any(${ids}::uuid[]) and t.done_at <= ${now} and t.title ~* 'approv' and t.title ~* 'discount'
        and ${mayApprove('t.done_by')}
      group by 1)
    select d.id, coalesce(skipped.skipped, 0) as stages_skipped, back.at as moved_back_at,
      proposal.at as proposal_sent_at,
      case when discount.asked_at is null then greatest(discount.approved_at, agreed.at)
        when greatest(discount.approved_at, agreed.at) >= discount.asked_at
        then greatest(discount.approved_at, agreed.at) end as discount_approved_at
    from unnest(${ids}::uuid[]) d(id) left join skipped on skipped.deal_id = d.id
      left join back on back.deal_id = d.id left join proposal on proposal.deal_id = d.id
      left join discount on discount.deal_id = d.id left join agreed on agreed.deal_id = d.id`.execute(
    db,
  );
  return new Map(rows.map(({ id, ...facts }) => [id, facts]));
}

/** What was proposed is told by what its file is called. */
const proposalName = '(^|[^a-z])(proposal|quote|quotation|offer|angebot)';

/** As db/overruling.ts: a manager, or a system that a manager let in. */
function mayApprove(who: string) {
  return sql`not exists (select from members m where m.user_id = ${sql.ref(who)} and m.role not in ('owner', 'admin', 'manager'))`;
}
