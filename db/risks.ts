import { isDeepStrictEqual } from 'node:util';
import { type Kysely, sql } from 'kysely';
import { RiskSettings } from '#domain/risk-settings.ts';
import { hasMoved, type Risk, riskOf, whyMoved } from '#domain/risk.ts';
import { changed } from './changes.ts';
import { startLater } from './outbox.ts';
import { settingsOf } from './overrides.ts';
import { type Assessed, countNorms, inputsOf } from './risk-inputs.ts';
import { type Touches, touchesOf, touchesOfOpen } from './risk-touches.ts';
import { tellAtRisk } from './risk-tells.ts';
import { insertRows } from './rows.ts';
import type { DB } from './schema.ts';
import { inWorkspace, type Scope } from './scope.ts';

/** How many deals are judged in one transaction. */
const BATCH = 500;

export interface Judged {
  assessed: number;
  moved: number;
  /** How many crossed into the high band. */
  atRisk: number;
}

/**
 * Judges these deals anew and keeps what moved, in the transaction of the change it follows from; a deal that is won
 * or lost has no risk any more. `because` says what happened: `it was moved to Proposal`.
 */
export async function assessDeals(
  scope: Scope,
  ids: string[],
  now: string,
  because: string,
): Promise<Judged> {
  const settings = await settingsOf(scope, 'risk', RiskSettings);
  const all: Judged = { assessed: 0, moved: 0, atRisk: 0 };
  for (let from = 0; from < ids.length; from += BATCH) {
    const batch = ids.slice(from, from + BATCH);
    add(all, await assess(scope, batch, { settings, now, because }));
  }
  return all;
}

/**
 * Judges open deals anew because the settings were changed: so many at once as a caller may wait for, the rest by a
 * workflow that starts with this transaction.
 */
export async function assessChanged(scope: Scope, now: string, most = 4 * BATCH): Promise<Judged> {
  const settings = await settingsOf(scope, 'risk', RiskSettings);
  const touches = await touchesOfOpen(scope, settings, now);
  const all: Judged = { assessed: 0, moved: 0, atRisk: 0 };
  let ids = await nextOpen(scope);
  for (; ids.length > 0 && all.assessed < most; ids = await nextOpen(scope, ids.at(-1)))
    add(all, await assess(scope, ids, { settings, touches, now, because: changedSettings }));
  if (ids.length > 0) {
    const { workspaceId } = scope;
    const workflowId = `risk:${workspaceId}:${now}`;
    await startLater(scope, { workflow: 'assessPipeline', workflowId, input: [{ workspaceId }] });
  }
  return all;
}

export const changedSettings = 'the settings were changed';

/**
 * Judges every open deal of a workspace anew, a thousand in a transaction, after counting how long its won deals
 * took. For schedules: takes the bare connection.
 */
export async function assessAll(
  db: Kysely<DB>,
  {
    workspaceId,
    now,
    because = 'time passed',
  }: { workspaceId: string; now: string; because?: string },
): Promise<Judged> {
  const who = { workspaceId, actor: 'engine' };
  const { settings, touches } = await inWorkspace(db, who, async (scope) => {
    await countNorms(scope, now);
    const settings = await settingsOf(scope, 'risk', RiskSettings);
    return { settings, touches: await touchesOfOpen(scope, settings, now) };
  });
  const all: Judged = { assessed: 0, moved: 0, atRisk: 0 };
  for (let after: string | undefined; ;) {
    const ids = await inWorkspace(db, who, async (scope) => {
      const ids = await nextOpen(scope, after);
      add(all, await assess(scope, ids, { settings, touches, now, because }));
      return ids;
    });
    if (ids.length < BATCH) return all;
    after = ids.at(-1);
  }
}

async function nextOpen(
  { db }: Scope,
  after = '00000000-0000-0000-0000-000000000000',
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from deals where status = 'open' and deleted_at is null and id > ${after}
    order by id limit ${BATCH}`.execute(db);
  return rows.map(({ id }) => id);
}

type Move = { deal: Assessed; risk: Risk };

interface How {
  settings: RiskSettings;
  /** Where they are known already. */
  touches?: Touches;
  now: string;
  because: string;
}

const none = { recent: 0, before: 0 };

async function assess(
  scope: Scope,
  ids: string[],
  { settings, touches, now, because }: How,
): Promise<Judged> {
  const found = await inputsOf(scope, ids, settings, now);
  const counted = touches ?? (await touchesOf(scope, ids, settings, now));
  const deals = found.map((deal) => ({ ...deal, touches: counted.get(deal.id) ?? none }));
  const open = deals.filter(({ status }) => status === 'open');
  const judged = open.map((deal) => ({ deal, risk: riskOf(deal, settings, now) }));
  const different = judged.filter(({ deal: { before }, risk }) => !isAsBefore(before, risk));
  const closed = deals.filter(({ status, before }) => status !== 'open' && before.score !== null);
  await keep(scope, different, closed, now);
  const moved = different.filter(({ deal: { before }, risk }) => {
    const { score, band, factors } = before;
    return score === null || band === null || hasMoved({ score, band, factors }, risk);
  });
  await remember(scope, moved, { now, because });
  const crossed = moved.filter(({ deal, risk }) => {
    return risk.band === 'high' && deal.before.band !== 'high';
  });
  await tellAtRisk(scope, crossed, now);
  if (different.length + closed.length > 0) changed(scope, 'deals', 'insights');
  return { assessed: open.length, moved: moved.length, atRisk: crossed.length };
}

function isAsBefore(before: Assessed['before'], { score, band, factors, health }: Risk): boolean {
  return (
    before.score === score &&
    before.band === band &&
    before.health === health &&
    isDeepStrictEqual(before.factors, factors)
  );
}

async function keep({ db }: Scope, moves: Move[], closed: Assessed[], now: string): Promise<void> {
  if (moves.length + closed.length === 0) return;
  const rows = [
    ...moves.map(({ deal: { id }, risk }) => ({ id, ...risk })),
    ...closed.map(({ id }) => ({ id, score: null, band: null, factors: [], health: null })),
  ];
  await sql`
    update deals d set risk_score = r.score, risk_band = r.band, risk_factors = r.factors,
      health_score = r.health, assessed_at = ${now}
    from json_to_recordset(${JSON.stringify(rows)}::json)
      as r (id uuid, score real, band text, factors jsonb, health int)
    where d.id = r.id`.execute(db);
}

async function remember(
  scope: Scope,
  moves: Move[],
  { now, because }: { now: string; because: string },
): Promise<void> {
  const { workspaceId } = scope;
  const rows = moves.map(({ deal: { id: dealId, before }, risk }) => {
    const why = before.score === null ? 'it was judged for the first time' : because;
    return {
      ...{ workspaceId, dealId, ...risk, at: now },
      because: `${whyMoved(before.factors, risk.factors)}: ${why}`,
    };
  });
  await insertRows(scope, 'dealRisks', rows as never, ['id']);
}

function add(all: Judged, { assessed, moved, atRisk }: Judged): void {
  all.assessed += assessed;
  all.moved += moved;
  all.atRisk += atRisk;
}
