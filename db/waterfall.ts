import { sql } from 'kysely';
import { dayOf } from '#domain/calendar.ts';
import { Refusal } from '#domain/refusal.ts';
import { type Lens, stepKinds, stepsOf, type Waterfall } from '#domain/waterfall.ts';
import type { Scope } from './scope.ts';
import { comparedDays } from './waterfall-days.ts';

const SHOWN = 50;

interface Asked extends Lens {
  /** Ends of days of the workspace; nothing for `to` means now. */
  from: string;
  to?: string;
}

/** How the pipeline, or a month of it, got from the end of one day to the end of another, or to now. */
export async function waterfall(scope: Scope, asked: Asked, now: string): Promise<Waterfall> {
  const zone = await zoneOf(scope);
  const today = dayOf(now, zone);
  const to = asked.to && asked.to < today ? asked.to : undefined;
  const begin = await recordAt(scope, asked.from, today);
  const end = to ? await recordAt(scope, to, today) : null;
  const span = { from: begin ?? today, to: end ?? today };
  const given = { lens: asked, zone, today, from: begin, to: end };
  const { startCents, endCents, moved } = await comparedDays(scope, given);
  const totals = new Map<string, Waterfall['steps'][number]>();
  for (const { id, name, companyName, before, after } of moved) {
    for (const step of stepsOf(before, after, { lens: asked, ...span })) {
      const { kind, cents, ...told } = step;
      const total = totals.get(kind) ?? { kind, cents: 0, count: 0, deals: [] };
      total.cents += cents;
      total.count += 1;
      total.deals.push({ id, name, companyName, cents, ...told });
      totals.set(kind, total);
    }
  }
  return {
    from: { day: asked.from, recordedOn: begin },
    to: { day: to ?? today, recordedOn: end, isNow: !end },
    ...{ month: asked.month?.slice(0, 7) ?? null, measure: asked.measure },
    ...{ startCents, endCents },
    steps: stepKinds.flatMap((kind) => {
      const total = totals.get(kind);
      return total ? [{ ...total, deals: largest(total.deals) }] : [];
    }),
    because: begin ? null : 'Nothing was recorded by then. Each day is recorded at its midnight.',
  };
}

export async function zoneOf({ db }: Scope): Promise<string> {
  const here = await db.selectFrom('workspaces').select('timeZone').executeTakeFirstOrThrow();
  return here.timeZone;
}

/** The last day up to one that was recorded. */
export async function recordAt({ db }: Scope, day: string, today: string): Promise<string | null> {
  if (day > today) {
    const message = 'That day is still to come.';
    throw new Refusal('invalid', message, [{ field: 'from', message }]);
  }
  const { rows } = await sql<{ day: string | null }>`
    select greatest(
      (select max(made_on) from forecasts where made_on <= ${day}::date),
      (select max(taken_on) from deal_snapshots where taken_on <= ${day}::date)) as day`.execute(
    db,
  );
  return rows[0]!.day;
}

function largest(deals: Waterfall['steps'][number]['deals']) {
  return deals
    .sort((a, b) => Math.abs(b.cents) - Math.abs(a.cents) || (a.id < b.id ? -1 : 1))
    .slice(0, SHOWN);
}
