import { sql } from 'kysely';
import type { DealWish } from '#domain/deal-filter.ts';
import type { Stage } from '#domain/pipeline.ts';
import { Refusal } from '#domain/refusal.ts';
import { conditionsOf } from './deal-conditions.ts';
import type { Scope } from './scope.ts';

const FIRST = 50;

/** When this month began, and the next one begins, where the workspace is. */
export function month(now: string) {
  return sql`(select date_trunc('month', ${now}::timestamptz at time zone time_zone) as begins, time_zone
    from workspaces where id = current_workspace())`;
}

/** What is open, and what was closed this month. */
export const isOnBoard = sql`(d.status = 'open'
  or d.status = 'won' and d.won_at >= m.begins at time zone m.time_zone
  or d.status = 'lost' and d.lost_at >= m.begins at time zone m.time_zone)`;

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
  given: { asked: DealWish; stages: Stage[]; now: string; after?: After },
): Promise<Top[]> {
  const { asked, stages, now, after } = given;
  const where = sql.join(conditionsOf(asked, { me: scope.actor, now }), sql` and `);
  const past = after
    ? sql`(coalesce(d.risk_score, 0), d.id) < (${after.risk}::real, ${after.id}::uuid)`
    : sql`true`;
  function top(only: ReturnType<typeof sql>) {
    return sql`select d.id, coalesce(d.risk_score, 0) as risk from deals d
      where d.stage_id = s.id and ${only} and ${where} and ${past}
      order by coalesce(d.risk_score, 0) desc, d.id desc limit ${FIRST + 1}`;
  }
  const ids = [...Map.groupBy(stages, ({ kind }) => kind === 'open')];
  const parts = ids.map(
    ([isOpen, those]) => sql`
      select s.id as stage_id, t.id, t.risk::text as risk
      from unnest(${those.map(({ id }) => id)}::uuid[]) s (id), ${month(now)} m,
        lateral (${top(isOpen ? sql`d.status = 'open'` : isOnBoard)}) t`,
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
