import { sql } from 'kysely';
import { monthAhead, type Spend } from '#domain/assessment.ts';
import type { Scope } from './scope.ts';

/** A question that is about to be asked. */
export interface NewCall {
  /** What it is for: asked again under the same key, the one before is lost. */
  key: string;
  purpose: 'assessment' | 'mapping';
  provider: string;
  model: string;
  /** The most that it can cost, in millionths of a dollar. */
  mostMicros: number;
  now: string;
}

/** What became of it. Without a cost nobody can tell, and what was set aside counts. */
export interface EndedCall {
  tokensIn: number;
  tokensOut: number;
  costMicros: number | null;
  because: string | null;
  now: string;
}

/**
 * Sets aside what a question may cost at most and answers its id; nothing when the month's budget has no room for it.
 * Those who ask at once take turns, so that together they stay within it.
 */
export async function reserveCall(scope: Scope, call: NewCall): Promise<string | undefined> {
  const { db, workspaceId } = scope;
  const { mostMicros: reservedMicros, now: at, ...named } = call;
  await db
    .insertInto('assessmentSettings')
    .values({ workspaceId })
    .onConflict((there) => there.doNothing())
    .execute();
  const { budgetCents } = await db
    .selectFrom('assessmentSettings')
    .select('budgetCents')
    .forUpdate()
    .executeTakeFirstOrThrow();
  // Whoever asked before and did not come back may have to be paid all the same.
  await db
    .updateTable('modelCalls')
    .set({ state: 'lost', endedAt: at, because: 'It was broken off.' })
    .where('key', '=', call.key)
    .where('state', '=', 'reserved')
    .execute();
  const { spentMicros } = await sums(scope, at);
  if (spentMicros + reservedMicros > microsOf(budgetCents)) return undefined;
  const { id } = await db
    .insertInto('modelCalls')
    .values({ workspaceId, ...named, reservedMicros, at })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function endCall(scope: Scope, id: string, ended: EndedCall): Promise<void> {
  const { now, ...row } = ended;
  await scope.db
    .updateTable('modelCalls')
    .set({ ...row, endedAt: now, state: ended.because === null ? 'done' : 'failed' })
    .where('id', '=', id)
    .execute();
}

/** What models cost this month, and what the month comes to. */
export async function spendOf(scope: Scope, now: string): Promise<Spend> {
  const budget = await scope.db
    .selectFrom('assessmentSettings')
    .select('budgetCents')
    .executeTakeFirst();
  const { budgetCents = 2000 } = budget ?? {};
  const { from, until, ...figures } = await sums(scope, now);
  const { spentMicros } = figures;
  return {
    ...{ ...figures, budgetCents },
    isStopped: spentMicros >= microsOf(budgetCents),
    forecastMicros: monthAhead(spentMicros, { from, until, now }),
  };
}

interface Sums extends Omit<Spend, 'budgetCents' | 'isStopped' | 'forecastMicros'> {
  from: string;
  until: string;
}

async function sums({ db }: Scope, now: string): Promise<Sums> {
  const { rows } = await sql<Sums>`
    with month as (
      select to_char(${now}::timestamptz at time zone time_zone, 'YYYY-MM') as month,
        date_trunc('month', ${now}::timestamptz at time zone time_zone) at time zone time_zone as from,
        (date_trunc('month', ${now}::timestamptz at time zone time_zone) + interval '1 month') at time zone time_zone
          as until
      from workspaces)
    select m.month, m.from, m.until, count(c.id) as calls,
      coalesce(sum(coalesce(c.cost_micros, c.reserved_micros)), 0)::bigint as spent_micros,
      coalesce(sum(c.tokens_in), 0)::bigint as tokens_in, coalesce(sum(c.tokens_out), 0)::bigint as tokens_out,
      count(c.id) filter (where c.state in ('failed', 'lost')) as failed
    from month m left join model_calls c on c.at >= m.from and c.at < m.until
    group by 1, 2, 3`.execute(db);
  return rows[0]!;
}

function microsOf(cents: number): number {
  return cents * 10_000;
}
