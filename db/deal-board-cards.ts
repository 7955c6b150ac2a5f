import { type RawBuilder, sql } from 'kysely';
import type { DealWish } from '#domain/deal-filter.ts';
import type { Stage } from '#domain/pipeline.ts';
import { Refusal } from '#domain/refusal.ts';
import { conditionsOf } from './deal-conditions.ts';
import type { Scope } from './scope.ts';

const FIRST = 50;

/** Where a workspace is in its calendar, as instants and as days. */
export interface Clock {
  monthAt: string;
  monthOn: string;
  nextMonthOn: string;
  weekAt: string;
}

export async function clockOf({ db }: Scope, now: string): Promise<Clock> {
  const { rows } = await sql<Clock>`
    select month at time zone zone as month_at, month::date as month_on,
      (month + interval '1 month')::date as next_month_on,
      date_trunc('week', now at time zone zone) at time zone zone as week_at
    from (select time_zone as zone, ${now}::timestamptz as now,
      date_trunc('month', ${now}::timestamptz at time zone time_zone) as month
      from workspaces where id = current_workspace()) here`.execute(db);
  return rows[0]!;
}

/** What of a kind of stage a board shows: all that is open, and what was closed this month. */
export function isShown(kind: Stage['kind'], { monthAt }: Clock): RawBuilder<unknown> {
  if (kind === 'open') return sql`d.status = 'open'`;
  const closed = sql.ref(kind === 'won' ? 'd.won_at' : 'd.lost_at');
  return sql`(d.status = ${sql.lit(kind)} and ${closed} >= ${monthAt}::timestamptz)`;
}

export interface Top {
  stageId: string;
  ids: string[];
  next: string | null;
}

interface After {
  risk: string;
  id: string;
}

/** The ids of the first cards of each stage, or of the next after a card. */
export async function topsOf(
  scope: Scope,
  given: { asked: DealWish; stages: Stage[]; now: string; clock: Clock; after?: After },
): Promise<Top[]> {
  const { asked, stages, now, clock, after } = given;
  const where = sql.join(conditionsOf(asked, { me: scope.actor, now }), sql` and `);
  const past = after
    ? sql`(coalesce(d.risk_score, 0), d.id) < (${after.risk}::real, ${after.id}::uuid)`
    : sql`true`;
  const parts = [...Map.groupBy(stages, ({ kind }) => kind)].map(
    ([kind, those]) => sql`
      select s.id as stage_id, t.id, t.risk::text as risk
      from unnest(${those.map(({ id }) => id)}::uuid[]) s (id), lateral (
        select d.id, coalesce(d.risk_score, 0) as risk from deals d
        where d.stage_id = s.id and ${isShown(kind, clock)} and ${where} and ${past}
        order by coalesce(d.risk_score, 0) desc, d.id desc limit ${FIRST + 1}) t`,
  );
  const { rows } = await sql<{ stageId: string; id: string; risk: string }>`
    select * from (${sql.join(parts, sql` union all `)}) tops
    order by risk::real desc, id desc`.execute(scope.db);
  return [...Map.groupBy(rows, ({ stageId }) => stageId)].map(([stageId, all]) => {
    const page = all.slice(0, FIRST);
    const last = page.at(-1)!;
    const next = all.length > FIRST ? encode({ risk: last.risk, id: last.id }) : null;
    return { stageId, ids: page.map(({ id }) => id), next };
  });
}

function encode({ risk, id }: After): string {
  return Buffer.from(`${risk} ${id}`).toString('base64url');
}

export function cursorFrom(cursor: string | undefined): After | undefined {
  if (!cursor) return undefined;
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, risk, id] =
    /^(\d(?:\.\d{1,12})?(?:e-\d{1,2})?) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(
      text,
    ) ?? [];
  if (risk && id) return { risk, id };
  const message = 'This is no cursor of ours.';
  throw new Refusal('invalid', message, [{ field: 'cursor', message }]);
}
