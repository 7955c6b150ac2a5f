import { expect } from 'vitest';
import { test } from '#tests/db.ts';
import { aDeal, stagesOf } from '#tests/deals.ts';
import { daysBefore, dealIn, stageOf, touchesOn } from '#tests/risks.ts';
import { override } from './overrides.ts';
import { assessAll, assessDeals } from './risks.ts';
import type { Scope } from './scope.ts';
import { RiskSettings } from '#domain/risk-settings.ts';
import type { RiskFactor } from '#domain/deal.ts';

const now = '2026-03-18T09:00:00.000Z';

function riskOfDeal({ db }: Scope, id: string) {
  return db
    .selectFrom('deals')
    .select(['riskScore', 'riskBand', 'riskFactors', 'healthScore', 'assessedAt', 'updatedAt'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
}

function historyOf({ db }: Scope, id: string) {
  return db.selectFrom('dealRisks').selectAll().where('dealId', '=', id).orderBy('id').execute();
}

async function linesOf(query: { execute(): Promise<unknown[]> }): Promise<number> {
  return (await query.execute()).length;
}

/** A deal that silence and its stage bring to high risk on day 28 without activity. */
function silent(scope: Scope, days: number, values = {}) {
  const lastActivityAt = daysBefore(now, days);
  return dealIn(scope, 'proposal', {
    ...{ lastActivityAt, stageEnteredAt: daysBefore(now, 60), ownerId: 'rep', ...values },
  });
}

test('a deal keeps its risk with its reasons, so that a list costs no query more', async ({
  inside,
}) => {
  const id = await inside((scope) => silent(scope, 21));
  const before = await inside((scope) => riskOfDeal(scope, id));
  await inside((scope) => assessDeals(scope, [id], now, 'time passed'));
  const risk = await inside((scope) => riskOfDeal(scope, id));
  expect(risk).toMatchObject({ riskScore: 0.6, riskBand: 'medium', assessedAt: now });
  const factors = risk.riskFactors as unknown as RiskFactor[];
  expect(factors[0]).toMatchObject({ because: 'No activity for 21 days', contribution: 0.35 });
  expect(risk.healthScore).toBe(45);
  expect(risk.updatedAt).toBe(before.updatedAt);
});

test('a risk that did not move leaves no line, and one that did says why', async ({ inside }) => {
  const id = await inside((scope) => silent(scope, 10));
  for (const at of [now, now, '2026-03-18T15:00:00.000Z']) {
    await inside((scope) => assessDeals(scope, [id], at, 'time passed'));
  }
  expect(await inside((scope) => historyOf(scope, id))).toHaveLength(1);
  await inside((scope) => assessDeals(scope, [id], '2026-03-22T09:00:00.000Z', 'time passed'));
  const history = await inside((scope) => historyOf(scope, id));
  expect(history.map(({ because }) => because)).toEqual([
    'In Proposal for 60 days; 14 days are usual, +0.25: it was judged for the first time',
    'No activity for 14 days, +0.16: time passed',
  ]);
});

test('a deal that comes to be at high risk is told once, and again only after it was better', async ({
  inside,
}) => {
  const id = await inside((scope) => silent(scope, 28));
  function told() {
    return inside(async ({ db }) => [
      await linesOf(db.selectFrom('dealEvents').select('id').where('kind', '=', 'at_risk')),
      await linesOf(db.selectFrom('activities').select('id').where('kind', '=', 'at_risk')),
      await linesOf(db.selectFrom('notifications').select('id').where('kind', '=', 'at_risk')),
      await linesOf(db.selectFrom('events').select('id').where('kind', '=', 'deal.at_risk')),
    ]);
  }
  const later = daysBefore(now, -1);
  for (const at of [now, now, later]) {
    await inside((scope) => assessDeals(scope, [id], at, 'time passed'));
  }
  expect(await told()).toEqual([1, 1, 1, 1]);
  const word = await inside(({ db }) =>
    db.selectFrom('notifications').select('title').executeTakeFirstOrThrow(),
  );
  expect(word.title).toBe(
    'Cold chain is at high risk: No activity for 28 days; In Proposal for 60 days; 14 days are usual',
  );
  await inside(({ db }) =>
    db.updateTable('deals').set({ lastActivityAt: later }).where('id', '=', id).execute(),
  );
  await inside((scope) => assessDeals(scope, [id], later, 'it was changed'));
  expect((await inside((scope) => riskOfDeal(scope, id))).riskBand).toBe('low');
  await inside((scope) => assessDeals(scope, [id], daysBefore(later, -28), 'time passed'));
  expect(await told()).toEqual([2, 2, 2, 2]);
});

test('two recomputes at once tell of a deal at risk once', async ({ db, who, inside }) => {
  const id = await inside((scope) => silent(scope, 30));
  const done = await Promise.all([1, 2, 3].map(() => assessAll(db, { ...who, now })));
  expect(done.map(({ atRisk }) => atRisk).toSorted()).toEqual([0, 0, 1]);
  expect(await inside((scope) => historyOf(scope, id))).toHaveLength(1);
});

test('a deal that is won or lost has no risk any more, and its history stays', async ({
  inside,
}) => {
  const id = await inside((scope) => silent(scope, 28));
  await inside((scope) => assessDeals(scope, [id], now, 'time passed'));
  await inside(({ db }) =>
    db.updateTable('deals').set({ status: 'lost', lostAt: now }).where('id', '=', id).execute(),
  );
  await inside((scope) => assessDeals(scope, [id], now, 'it was lost'));
  expect(await inside((scope) => riskOfDeal(scope, id))).toMatchObject({
    ...{ riskScore: null, riskBand: null, riskFactors: [], healthScore: null },
  });
  expect(await inside((scope) => historyOf(scope, id))).toHaveLength(1);
});

test('engagement counts the touchpoints of a deal and stays dropped while the silence lasts', async ({
  inside,
}) => {
  const id = await inside((scope) => dealIn(scope, 'proposal', { lastActivityAt: now }));
  await inside((scope) => touchesOn(scope, id, now, 15, 16, 20, 40));
  async function engagement(at: string) {
    await inside((scope) => assessDeals(scope, [id], at, 'time passed'));
    const { riskFactors } = await inside((scope) => riskOfDeal(scope, id));
    return (riskFactors as unknown as RiskFactor[])[2]!;
  }
  expect(await engagement(now)).toMatchObject({
    contribution: 0.2,
    inputs: { recent: 0, before: 3 },
  });
  expect((await engagement(daysBefore(now, -30))).contribution).toBe(0.2);
  await inside((scope) => touchesOn(scope, id, now, 1, 2));
  expect(await engagement(now)).toMatchObject({
    contribution: 0,
    inputs: { recent: 2, before: 3 },
  });
});

test('the time that won deals of the last year took in a stage is its norm', async ({
  db,
  who,
  inside,
}) => {
  const open = await inside(async (scope) => {
    const [proposal, won] = [await stageOf(scope, 'proposal'), await stageOf(scope, 'closed_won')];
    for (let days = 1; days <= 11; days++) {
      const wonAt = daysBefore(now, days === 11 ? 366 : 30);
      const createdAt = daysBefore(wonAt, days);
      const values = { status: 'won', wonAt, createdAt } as const;
      const dealId = await dealIn(scope, 'closed_won', values);
      await scope.db
        .insertInto('dealEvents')
        .values({
          ...{ workspaceId: scope.workspaceId, dealId, kind: 'won', actor: 'rep', at: wonAt },
          before: JSON.stringify({ stageId: proposal.id }),
          after: JSON.stringify({ stageId: won.id }),
        })
        .execute();
    }
    const stageEnteredAt = daysBefore(now, 8);
    return dealIn(scope, 'proposal', { stageEnteredAt, lastActivityAt: now });
  });
  await assessAll(db, { ...who, now });
  const { riskFactors } = await inside((scope) => riskOfDeal(scope, open));
  expect((riskFactors as unknown as RiskFactor[])[1]).toMatchObject({
    inputs: { medianDays: 5.5, p75Days: 7.75, wonDeals: 10, isOwnNorm: true },
    because: 'In Proposal for 8 days; won deals take 5.5 days there',
  });
});

test('a deal that moved on of late with a higher probability is healthier', async ({ inside }) => {
  const id = await inside(async (scope) => {
    const id = await dealIn(scope, 'proposal', { lastActivityAt: now, probability: 60 });
    const { id: stageId } = await stageOf(scope, 'discovery');
    const before = JSON.stringify({ stageId, probability: 20 });
    const event = { dealId: id, kind: 'stage_changed', actor: 'rep', at: daysBefore(now, 3) };
    await scope.db
      .insertInto('dealEvents')
      .values({ workspaceId: scope.workspaceId, ...event, before })
      .execute();
    return id;
  });
  await inside((scope) => assessDeals(scope, [id], now, 'time passed'));
  expect((await inside((scope) => riskOfDeal(scope, id))).healthScore).toBe(100);
});

test('a workspace that sets another threshold is judged by it', async ({ inside }) => {
  const id = await inside((scope) => silent(scope, 10));
  await inside((scope) => override(scope, 'risk', RiskSettings, { decay: { days: 7 } }));
  await inside((scope) => assessDeals(scope, [id], now, 'time passed'));
  const { riskFactors } = await inside((scope) => riskOfDeal(scope, id));
  expect((riskFactors as unknown as RiskFactor[])[0]!.inputs).toMatchObject({
    ...{ idleDays: 10, thresholdDays: 7, isStalled: true },
  });
  await expect(
    inside((scope) => override(scope, 'risk', RiskSettings, { decay: { weight: 0.9 } })),
  ).rejects.toThrow('These settings do not fit together.');
});

test('a thousand deals and more are judged in batches, and the deals of others are left alone', async ({
  db,
  who,
  inside,
}) => {
  await inside(async (scope) => {
    const { id, pipelineId } = await stageOf(scope, 'proposal');
    const row = { workspaceId: scope.workspaceId, stageId: id, pipelineId, createdBy: 'rep' };
    const rows = Array.from({ length: 2001 }, (_, n) => ({ ...row, name: `Deal ${n}` }));
    await scope.db.insertInto('deals').values(rows).execute();
  });
  expect(await assessAll(db, { ...who, now })).toEqual({ assessed: 2001, moved: 2001, atRisk: 0 });
  expect(await assessAll(db, { ...who, now })).toEqual({ assessed: 2001, moved: 0, atRisk: 0 });
});

test('a deal is judged in the transaction of its change', async ({ serve, inside }) => {
  const deal = await aDeal(serve, { amountCents: 5_000_001 });
  expect((await inside((scope) => riskOfDeal(scope, deal.id))).riskScore).toBe(0.075);
  const { proposal } = await inside((scope) => stagesOf(scope));
  await serve.post(`/api/deals/${deal.id}/stage`, { stageId: proposal!.id });
  expect((await inside((scope) => riskOfDeal(scope, deal.id))).riskScore).toBe(0.025);
  const [, last] = await inside((scope) => historyOf(scope, deal.id));
  expect(last!.because).toBe('Its value fits its stage, −0.05: it was moved to Proposal');
});
