import { sql } from 'kysely';
import type { Deal } from '#domain/deal.ts';
import type { Board, BoardColumn } from '#domain/deal-board.ts';
import type { DealWish } from '#domain/deal-filter.ts';
import type { Stage } from '#domain/pipeline.ts';
import { Refusal } from '#domain/refusal.ts';
import { cursorFrom, type Clock, clockOf, isShown, type Top, topsOf } from './deal-board-cards.ts';
import { changesSince } from './deal-board-changes.ts';
import { conditionsOf } from './deal-conditions.ts';
import { dealsInOrder } from './deal-list.ts';
import { stageColumns } from './pipelines.ts';
import type { Scope } from './scope.ts';

/** A pipeline in columns, the riskiest deals first, with sums; the same six questions however many deals there are. */
export async function boardOf(scope: Scope, wish: DealWish, now: string): Promise<Board> {
  const stages = await stagesOnBoard(scope, wish.pipeline);
  const pipelineId = stages[0]!.pipelineId;
  const asked = { ...wish, pipeline: pipelineId };
  const clock = await clockOf(scope, now);
  const sums = await sumsOf(scope, { asked, now, clock });
  const tops = await topsOf(scope, { asked, stages, now, clock });
  const deals = await dealsInOrder(
    scope,
    tops.flatMap(({ ids }) => ids),
  );
  const byId = new Map(deals.map((deal) => [deal.id, deal]));
  const columns = stages.map((stage) => columnOf(stage, { sums, tops, byId }));
  const active = new Set(stages.filter(({ isActive }) => isActive).map(({ id }) => id));
  const open = sums.filter(({ stageId, status }) => status === 'open' && active.has(stageId));
  return {
    pipelineId,
    stages: columns,
    open: { count: total(open, 'count'), totalCents: total(open, 'totalCents') },
    weightedCents: total(open, 'weightedCents'),
    closingThisMonth: {
      count: total(open, 'closing'),
      totalCents: total(open, 'closingCents'),
    },
    atRisk: {
      count: total(open, 'high') + total(open, 'medium'),
      totalCents: total(open, 'atRiskCents'),
      high: total(open, 'high'),
      medium: total(open, 'medium'),
      judged: total(open, 'judged'),
    },
    since: await changesSince(scope, { asked, now, clock }),
  };
}

/** More of one column. */
export async function boardColumn(
  scope: Scope,
  stageId: string,
  { cursor, ...wish }: DealWish & { cursor?: string },
  now: string,
): Promise<{ items: Deal[]; next: string | null }> {
  const stage = await scope.db
    .selectFrom('stages')
    .select(stageColumns)
    .where('id', '=', stageId)
    .executeTakeFirst();
  if (!stage) throw new Refusal('not-found', 'There is no such stage.');
  const stages = [stage as unknown as Stage];
  const after = cursorFrom(cursor);
  const clock = await clockOf(scope, now);
  const [top] = await topsOf(scope, { asked: wish, stages, now, clock, after });
  if (!top) return { items: [], next: null };
  return { items: await dealsInOrder(scope, top.ids), next: top.next };
}

async function stagesOnBoard({ db }: Scope, pipeline: string | undefined): Promise<Stage[]> {
  const rows = await db
    .selectFrom('stages')
    .select(stageColumns)
    .where('archivedAt', 'is', null)
    .where(
      sql<boolean>`pipeline_id = (select id from pipelines where archived_at is null
        and ${pipeline ? sql`id::text = ${pipeline}` : sql`true`} order by position, id limit 1)`,
    )
    .orderBy('position')
    .orderBy('id')
    .execute();
  if (rows.length === 0) throw new Refusal('not-found', 'There is no such pipeline.');
  return rows as unknown as Stage[];
}

interface Sums {
  stageId: string;
  status: string;
  count: number;
  totalCents: number;
  weightedCents: number;
  closing: number;
  closingCents: number;
  high: number;
  medium: number;
  judged: number;
  atRiskCents: number;
}

async function sumsOf(
  scope: Scope,
  { asked, now, clock }: { asked: DealWish; now: string; clock: Clock },
): Promise<Sums[]> {
  const where = sql.join(conditionsOf(asked, { me: scope.actor, now }), sql` and `);
  const isClosing = sql`status = 'open' and expected_close_on >= ${clock.monthOn}::date
    and expected_close_on < ${clock.nextMonthOn}::date`;
  // Each kind by the index of its own.
  const shown = (['open', 'won', 'lost'] as const).map(
    (kind) => sql`
      select d.stage_id, d.status, d.amount_cents, d.probability, d.expected_close_on, d.risk_band
      from deals d where ${isShown(kind, clock)} and ${where}`,
  );
  const { rows } = await sql<Sums>`
    select stage_id, status, count(*) as count, sum(amount_cents)::bigint as total_cents,
      coalesce(sum((amount_cents * probability + 50) / 100), 0)::bigint as weighted_cents,
      count(*) filter (where ${isClosing}) as closing,
      coalesce(sum(amount_cents) filter (where ${isClosing}), 0)::bigint as closing_cents,
      count(*) filter (where risk_band = 'high') as high,
      count(*) filter (where risk_band = 'medium') as medium, count(risk_band) as judged,
      coalesce(sum(amount_cents) filter (where risk_band in ('high', 'medium')), 0)::bigint as at_risk_cents
    from (${sql.join(shown, sql` union all `)}) shown
    group by stage_id, status`.execute(scope.db);
  return rows;
}

function columnOf(
  stage: Stage,
  { sums, tops, byId }: { sums: Sums[]; tops: Top[]; byId: Map<string, Deal> },
): BoardColumn {
  const own = sums.filter(({ stageId }) => stageId === stage.id);
  const top = tops.find(({ stageId }) => stageId === stage.id);
  return {
    stage,
    count: total(own, 'count'),
    totalCents: total(own, 'totalCents'),
    weightedCents: stage.isActive ? total(own, 'weightedCents') : 0,
    items: top?.ids.flatMap((id) => byId.get(id) ?? []) ?? [],
    next: top?.next ?? null,
  };
}

function total(sums: Sums[], of: Exclude<keyof Sums, 'stageId' | 'status'>): number {
  return sums.reduce((sum, one) => sum + one[of], 0);
}
