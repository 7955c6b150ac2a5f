import { sql } from 'kysely';
import { expect } from 'vitest';
import { analysisActivities } from '#activities/analyses.ts';
import { progressOf } from '#db/analyses.ts';
import { cancelAnalysis } from '#db/analysis-changes.ts';
import type { Scope } from '#db/scope.ts';
import { manyDeals, test } from '#tests/analyses.ts';
import { running } from '#tests/temporal.ts';
import { analysis, mayGoOn } from './analysis.ts';

function now(): string {
  return '2031-01-10T12:00:00.000Z';
}
const nothingSaid = { assess: () => Promise.resolve({ byModel: 0, byRules: 0 }) };

async function countsOf({ db }: Scope, id: string) {
  const { rows } = await sql<{ deals: number; findings: number; lines: number }>`
    select (select count(*)::int from analysis_deals where analysis_id = ${id}) as deals,
      (select count(distinct subject)::int from analysis_deals where analysis_id = ${id}) as lines,
      (select count(*)::int from findings where analysis_id = ${id}) as findings`.execute(db);
  return rows[0]!;
}

test('an analysis runs to its end though its worker is killed after each transaction and leaves no double row', async ({
  files,
  db,
  who,
  inside,
}) => {
  const analysisId = await files.arrive(manyDeals(1800));
  let killed = 0;
  function beat(): void {
    killed += 1;
    if (killed < 3) throw new Error('killed');
  }
  const one = { workspaceId: who.workspaceId, analysisId };
  const activities = analysisActivities({ db, blobs: files.blobs, now, beat });
  await running(analysis, [one], { ...activities, ...nothingSaid }, (run) => run.result());
  expect(killed).toBe(4);
  const state = await inside((scope) => progressOf(scope, analysisId));
  expect(state).toMatchObject({ status: 'done', rows: 1800, rowsTotal: 1800, rejected: 0 });
  const { rule, severity } = state.summary;
  expect(rule?.['deal_missing_amount']).toBe(600);
  const found = Object.values(severity!).reduce((sum, count) => sum + count);
  expect(await inside((scope) => countsOf(scope, analysisId))).toEqual({
    ...{ deals: 1800, lines: 1800, findings: found },
  });
});

test('an analysis that is cancelled stops at its next transaction and keeps what it found', async ({
  files,
  db,
  who,
  inside,
}) => {
  const analysisId = await files.arrive(manyDeals(3000));
  let cancelled: Promise<unknown> | undefined;
  function beat(): void {
    cancelled ??= inside((scope) => cancelAnalysis(scope, analysisId));
  }
  const one = { workspaceId: who.workspaceId, analysisId };
  const activities = analysisActivities({ db, blobs: files.blobs, now, beat });
  await running(analysis, [one], { ...activities, ...nothingSaid }, (run) => run.result());
  await cancelled;
  const { status, rows } = await inside((scope) => progressOf(scope, analysisId));
  expect(status).toBe('cancelled');
  expect(rows).toBeGreaterThan(0);
  expect(rows).toBeLessThan(3000);
});

test('an analysis that waits for others goes on as soon as it is told', async () => {
  const one = { workspaceId: 'w1', analysisId: 'a1' };
  let turns = 0;
  const activities = {
    analysisTurn: () =>
      Promise.resolve((turns += 1) === 1 ? ('waits' as const) : ('over' as const)),
  };
  await running(analysis, [one], activities, async (run) => {
    await expect.poll(() => turns).toBe(1);
    await run.signal(mayGoOn);
    await run.result();
    const { events } = await run.fetchHistory();
    expect(events!.some((event) => event.timerFiredEventAttributes)).toBe(false);
  });
  expect(turns).toBe(2);
});
