import { sql } from 'kysely';
import { dayOf } from '#domain/calendar.ts';
import { Refusal } from '#domain/refusal.ts';
import type { PastPipeline } from '#domain/waterfall.ts';
import type { Scope } from './scope.ts';
import { recordAt, zoneOf } from './waterfall.ts';

/** The open pipeline as it was at the end of a day; of today, as it is. The largest deals first. */
export async function pipelineOn(
  scope: Scope,
  { day, limit, offset }: { day: string; limit: number; offset: number },
  now: string,
): Promise<PastPipeline> {
  const today = dayOf(now, await zoneOf(scope));
  const recordedOn = day < today ? await recordAt(scope, day, today) : null;
  if (day > today) throw new Refusal('invalid', 'That day is still to come.');
  if (day < today && !recordedOn) {
    throw new Refusal(
      'not-found',
      'Nothing was recorded by then. Each day is recorded at its midnight.',
    );
  }
  const deal = recordedOn
    ? sql`select deal_id as id, pipeline_id, stage_id, owner_id, amount_cents, probability, expected_close_on,
        risk_score, health_score from deal_snapshots where taken_on = ${recordedOn}::date and status = 'open'`
    : sql`select id, pipeline_id, stage_id, owner_id, amount_cents, probability, expected_close_on,
        risk_score, health_score from deals where status = 'open' and deleted_at is null`;
  const { rows: stages } = await sql<PastPipeline['stages'][number]>`
    select s.id as stage_id, s.name, s.colour, s.pipeline_id, count(*) as count,
      sum(d.amount_cents)::bigint as amount_cents,
      coalesce(sum((d.amount_cents * d.probability + 50) / 100), 0)::bigint as weighted_cents
    from (${deal}) d join stages s on s.id = d.stage_id join pipelines p on p.id = s.pipeline_id
    group by s.workspace_id, s.id, p.position, p.id order by p.position, p.id, s.position`.execute(
    scope.db,
  );
  const { rows: items } = await sql<PastPipeline['items'][number]>`
    select d.id, n.name, coalesce(co.name, co.domain) as company_name, d.stage_id, d.owner_id, d.amount_cents,
      d.probability, d.expected_close_on, d.risk_score, d.health_score
    from (select * from (${deal}) all_of_them order by amount_cents desc, id limit ${limit} offset ${offset}) d
      join deals n on n.id = d.id left join companies co on co.id = n.company_id
    order by d.amount_cents desc, d.id`.execute(scope.db);
  const count = added(stages, 'count');
  return {
    ...{ day, recordedOn, stages, items, count },
    amountCents: added(stages, 'amountCents'),
    weightedCents: added(stages, 'weightedCents'),
    next: offset + limit < count ? String(offset + limit) : null,
  };
}

function added(
  stages: PastPipeline['stages'],
  figure: 'count' | 'amountCents' | 'weightedCents',
): number {
  return stages.reduce((sum, stage) => sum + stage[figure], 0);
}
