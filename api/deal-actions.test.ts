import { expect } from 'vitest';
import { aDeal, stagesOf } from '#tests/deals.ts';
import { test as base } from '#tests/db.ts';
import { aLead, aSequence } from '#tests/leads.ts';

const test = base.extend('stages', ({ inside }) => inside(stagesOf));

test('a stage lets the lead of a deal into a sequence and takes it out of others', async ({
  db,
  serve,
  inside,
  stages,
}) => {
  const [before, quote, leadId] = await inside(async (scope) => [
    await aSequence(scope, { name: 'Before' }),
    await aSequence(scope, { name: 'Quote follow-up' }),
    await aLead(scope),
  ]);
  await serve.post(`/api/sequences/${before}/enrolments`, { leadIds: [leadId] });
  const proposal = [
    { do: 'stop', sequenceId: before },
    { do: 'enrol', sequenceId: quote },
  ];
  await serve.patch(`/api/stages/${stages['proposal']!.id}`, { actions: proposal });
  const lost = { actions: [{ do: 'stop' }] };
  await serve.patch(`/api/stages/${stages['closed_lost']!.id}`, lost);
  const deal = await aDeal(serve, { leadId });
  await serve.post(`/api/deals/${deal.id}/stage`, { stageId: stages['proposal']!.id });
  expect(await walks()).toEqual([
    { name: 'Before', status: 'stopped', reason: 'goal' },
    { name: 'Quote follow-up', status: 'active', reason: null },
  ]);
  const end = { stageId: stages['closed_lost']!.id, lostReason: 'Price' };
  expect((await serve.post(`/api/deals/${deal.id}/stage`, end)).status).toBe(200);
  expect(await walks()).toMatchObject([{}, { status: 'stopped', reason: 'lost' }]);

  function walks() {
    return db
      .selectFrom('enrolments as e')
      .innerJoin('sequences as s', 's.id', 'e.sequenceId')
      .select(['s.name', 'e.status', 'e.reason'])
      .where('e.leadId', '=', leadId)
      .orderBy('e.id')
      .execute();
  }
});

test('a sequence that will not have the lead does not keep the deal where it was', async ({
  serve,
  inside,
  stages,
}) => {
  const [sequenceId, leadId] = await inside(async (scope) => {
    const id = await aSequence(scope);
    const pausedAt = new Date().toISOString();
    await scope.db.updateTable('sequences').set({ pausedAt }).where('id', '=', id).execute();
    return [id, await aLead(scope)];
  });
  const actions = [{ do: 'enrol', sequenceId }];
  await serve.patch(`/api/stages/${stages['proposal']!.id}`, { actions });
  const deal = await aDeal(serve, { leadId });
  const moved = await serve.post(`/api/deals/${deal.id}/stage`, {
    stageId: stages['proposal']!.id,
  });
  expect(moved).toMatchObject({ status: 200, body: { deal: { stageId: stages['proposal']!.id } } });
  const lines = await inside(({ db }) =>
    db.selectFrom('activities').select('body').where('kind', '=', 'system').execute(),
  );
  expect(lines).toEqual([{ body: 'This sequence is paused.' }]);
});
