import { expect } from 'vitest';
import type { Deal } from '#domain/deal.ts';
import type { Stage } from '#domain/pipeline.ts';
import { aDeal, stagesOf } from '#tests/deals.ts';
import { test as base } from '#tests/db.ts';
import { aMember } from '#tests/leads.ts';
import { inWorkspace, type Scope } from '#db/scope.ts';
import { moveDeal } from '#db/deal-moves.ts';

const test = base
  .extend('stages', ({ inside }) => inside(stagesOf))
  /** Does something as another member of this workspace. */
  .extend('as', ({ db, who }) => {
    return <T>(actor: string, work: (scope: Scope) => Promise<T>): Promise<T> =>
      inWorkspace(db, { ...who, actor }, work);
  });

test('moving to lost requires a reason, which is kept', async ({ serve, stages }) => {
  const deal = await aDeal(serve, { amountCents: 760_000 });
  const lost = { stageId: stages['closed_lost']!.id };
  const refused = await serve.post(`/api/deals/${deal.id}/stage`, lost);
  expect(refused).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'lostReason', message: 'Say why it was lost.' }] },
  });
  const given = { ...lost, lostReason: 'Price', lostNote: 'Owner retires in June.' };
  const moved = await serve.post(`/api/deals/${deal.id}/stage`, given);
  expect(moved.body).toMatchObject({
    deal: {
      ...{ status: 'lost', probability: 0, weightedCents: 0, lostReason: 'Price' },
      ...{ lostNote: 'Owner retires in June.', lostAt: expect.any(String) as string, wonAt: null },
    },
  });
});

test('a stage lets in only deals that have what it requires, and only from where it may be reached', async ({
  serve,
  stages,
}) => {
  const { discovery, proposal, negotiation } = stages as Record<string, Stage>;
  const required = ['amountCents', 'expectedCloseOn', 'nextAction'];
  await serve.patch(`/api/stages/${proposal!.id}`, { required });
  await serve.patch(`/api/stages/${discovery!.id}`, { nextSlugs: ['proposal', 'closed_lost'] });
  const deal = await aDeal(serve);
  const beside = await serve.post(`/api/deals/${deal.id}/stage`, { stageId: negotiation!.id });
  expect(beside).toMatchObject({
    status: 422,
    body: {
      errors: [
        {
          field: 'stageId',
          message: 'From Discovery a deal goes to Proposal or Closed lost only.',
        },
      ],
    },
  });
  const move = { stageId: proposal!.id, nextAction: 'Send quote' };
  const bare = await serve.post(`/api/deals/${deal.id}/stage`, move);
  expect(bare).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'amountCents' }, { field: 'expectedCloseOn' }] },
  });
  await serve.patch(`/api/deals/${deal.id}`, { amountCents: 5, expectedCloseOn: '2031-01-01' });
  const moved = await serve.post(`/api/deals/${deal.id}/stage`, move);
  expect(moved.body).toMatchObject({
    deal: { stageId: proposal!.id, probability: 60, nextAction: 'Send quote' },
  });
  const begun = await serve.post('/api/deals', { name: 'New', stageId: proposal!.id });
  expect(begun.status).toBe(422);
});

test('a won deal stays won unless a manager opens it again', async ({ serve, as, stages }) => {
  await as('boss', async (scope) => {
    await aMember(scope, { userId: 'rob', role: 'rep' });
    await aMember(scope, { userId: 'mia', role: 'manager' });
  });
  const { id } = await aDeal(serve);
  const wonAt = '2026-03-01T12:00:00.000Z';
  const ahead = { stageId: stages['closed_won']!.id, wonAt: '2999-01-01T00:00:00.000Z' };
  expect((await serve.post(`/api/deals/${id}/stage`, ahead)).status).toBe(422);
  const won = await serve.post(`/api/deals/${id}/stage`, {
    ...{ stageId: stages['closed_won']!.id, wonAt, probability: 10 },
  });
  expect(won.body).toMatchObject({ deal: { status: 'won', wonAt, probability: 100 } });
  expect((await serve.patch(`/api/deals/${id}`, { probability: 50 })).status).toBe(422);
  const back = { stageId: stages['proposal']!.id };
  await expect(as('rob', (scope) => moveDeal(scope, id, back))).rejects.toMatchObject({
    reason: 'forbidden',
  });
  const reopened = await as('mia', (scope) => moveDeal(scope, id, back));
  expect(reopened).toMatchObject({ status: 'open', wonAt: null, probability: 60 });
});

test('a lost deal is opened again by whoever works on it', async ({ serve, as, stages }) => {
  await as('boss', (scope) => aMember(scope, { userId: 'rob', role: 'rep' }));
  const deal = await aDeal(serve);
  const lost = { stageId: stages['closed_lost']!.id, lostReason: 'Price' };
  await serve.post(`/api/deals/${deal.id}/stage`, lost);
  const back = { stageId: stages['proposal']!.id };
  const again = await as('rob', (scope) => moveDeal(scope, deal.id, back));
  expect(again).toMatchObject({ status: 'open', lostAt: null, lostReason: null });
});

test('two who move one deal at once get one outcome, and who came second hears where it is', async ({
  serve,
  stages,
}) => {
  for (let round = 0; round < 5; round += 1) {
    const deal = await aDeal(serve);
    const targets = ['qualification', 'proposal', 'negotiation'].map((slug) => stages[slug]!);
    const replies = await Promise.all(
      targets.map(({ id }) =>
        serve.post(`/api/deals/${deal.id}/stage`, { stageId: id, fromStageId: deal.stageId }),
      ),
    );
    const done = replies.filter(({ status }) => status === 200);
    expect(done).toHaveLength(1);
    const { deal: moved } = done[0]!.body as { deal: Deal };
    const name = targets.find(({ id }) => id === moved.stageId)!.name;
    for (const { body } of replies.filter(({ status }) => status === 409)) {
      const { errors } = body as { errors: { message: string }[] };
      expect(errors[0]!.message).toContain(`It is in “${name}” by now; you wanted`);
    }
    expect(replies.filter(({ status }) => status === 409)).toHaveLength(2);
    expect((await serve.get(`/api/deals/${deal.id}`)).body).toMatchObject({ deal: moved });
  }
});

test('a deal that is dropped twice on one stage is moved once', async ({ db, serve, stages }) => {
  const deal = await aDeal(serve);
  const move = { stageId: stages['proposal']!.id, fromStageId: deal.stageId };
  const replies = await Promise.all(
    [1, 2, 3].map(() => serve.post(`/api/deals/${deal.id}/stage`, move)),
  );
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
  const moves = await db
    .selectFrom('dealEvents')
    .select('id')
    .where('dealId', '=', deal.id)
    .where('kind', '=', 'stage_changed')
    .execute();
  expect(moves).toHaveLength(1);
});

test('two who edit different fields at once keep both; of the same field the second sees both values', async ({
  serve,
}) => {
  for (let round = 0; round < 5; round += 1) {
    const { id, updatedAt } = await aDeal(serve, { location: 'Phoenix' });
    const changes = [{ location: 'Mesa' }, { nextAction: 'Call' }, { amountCents: 100 }];
    const replies = await Promise.all(
      changes.map((change) => serve.patch(`/api/deals/${id}`, { ...change, updatedAt })),
    );
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
    const kept = (await serve.get(`/api/deals/${id}`)).body as { deal: Deal };
    expect(kept.deal).toMatchObject(Object.assign({}, ...changes) as object);

    const names = ['Tempe', 'Tucson'];
    const now = kept.deal.updatedAt;
    const [first, second] = await Promise.all(
      names.map((location) => serve.patch(`/api/deals/${id}`, { location, updatedAt: now })),
    );
    const late = first!.status === 200 ? second! : first!;
    const [mine, theirs] = first!.status === 200 ? names : names.toReversed();
    expect([first!.status, second!.status].toSorted()).toEqual([200, 409]);
    expect(late.body).toMatchObject({
      errors: [{ field: 'location', message: `It is “${mine}” by now; you wanted “${theirs}”.` }],
    });
  }
});

test('putting the close date later is counted, and what stays the same is no change', async ({
  db,
  serve,
}) => {
  const { id } = await aDeal(serve, { expectedCloseOn: '2031-02-27' });
  for (const expectedCloseOn of ['2031-03-13', '2031-03-27', '2031-03-27', '2031-03-01']) {
    await serve.patch(`/api/deals/${id}`, { expectedCloseOn });
  }
  expect((await serve.get(`/api/deals/${id}`)).body).toMatchObject({ deal: { closePushes: 2 } });
  const events = await db
    .selectFrom('dealEvents')
    .select(['kind', 'before', 'after'])
    .where('dealId', '=', id)
    .orderBy('id')
    .execute();
  expect(events.map(({ kind }) => kind)).toEqual(['created', ...Array(3).fill('changed')]);
  expect(events[1]).toMatchObject({
    before: { expectedCloseOn: '2031-02-27' },
    after: { expectedCloseOn: '2031-03-13' },
  });
});

test('a change of stage is kept for later consumers with the old stage, the new one and the value', async ({
  inside,
  serve,
  stages,
}) => {
  const deal = await aDeal(serve, { amountCents: 4_200 });
  for (const [slug, more] of [
    ['proposal', {}],
    ['closed_lost', { lostReason: 'Price' }],
    ['closed_won', {}],
  ] as const) {
    const move = { stageId: stages[slug]!.id, ...more };
    expect((await serve.post(`/api/deals/${deal.id}/stage`, move)).status).toBe(200);
  }
  const events = await inside(({ db }) =>
    db.selectFrom('events').select(['kind', 'data']).orderBy('id').execute(),
  );
  const value = 4_200;
  expect(events.map(({ kind }) => kind)).toEqual([
    ...['deal.created', 'deal.stage_changed', 'deal.stage_changed', 'deal.closed_lost'],
    ...['deal.stage_changed', 'deal.closed_won'],
  ]);
  expect(events[1]!.data).toMatchObject({ oldStage: 'discovery', newStage: 'proposal', value });
  expect(events[3]!.data).toEqual({ dealId: deal.id, value });
  expect(events[5]!.data).toEqual({ dealId: deal.id, value });
});

test('the owner hears that somebody else moved or gave them a deal', async ({
  serve,
  as,
  stages,
}) => {
  await as('boss', async (scope) => {
    await aMember(scope, { userId: 'dana' });
    await aMember(scope, { userId: 'mia', role: 'manager' });
  });
  const deal = await aDeal(serve, { name: 'Bauer', ownerId: 'dana' });
  await as('mia', (scope) => moveDeal(scope, deal.id, { stageId: stages['proposal']!.id }));
  await as('dana', (scope) => moveDeal(scope, deal.id, { stageId: stages['negotiation']!.id }));
  const told = await as('dana', ({ db }) =>
    db.selectFrom('notifications').select(['userId', 'title', 'href']).orderBy('id').execute(),
  );
  expect(told).toEqual([
    {
      userId: 'dana',
      title: 'Somebody gave you the deal Bauer',
      href: `/deals/${deal.id}`,
    },
    { userId: 'dana', title: 'mia moved Bauer to Proposal', href: `/deals/${deal.id}` },
  ]);
});

test('what happened to a deal can be neither changed nor taken away', async ({ serve, inside }) => {
  const deal = await aDeal(serve);
  await expect(
    inside(({ db }) =>
      db.updateTable('dealEvents').set({ kind: 'x' }).where('dealId', '=', deal.id).execute(),
    ),
  ).rejects.toThrow(/permission denied/);
  await expect(
    inside(({ db }) => db.deleteFrom('dealEvents').where('dealId', '=', deal.id).execute()),
  ).rejects.toThrow(/permission denied/);
  await expect(inside(({ db }) => db.deleteFrom('events').execute())).rejects.toThrow(
    /permission denied/,
  );
  expect((await serve.del(`/api/deals/${deal.id}`)).status).toBe(200);
  expect((await serve.get(`/api/deals/${deal.id}`)).status).toBe(404);
  expect((await serve.get('/api/deals')).body).toMatchObject({ items: [] });
  const events = await inside(({ db }) =>
    db.selectFrom('dealEvents').select('kind').orderBy('id').execute(),
  );
  expect(events.map(({ kind }) => kind)).toEqual(['created', 'deleted']);
});
