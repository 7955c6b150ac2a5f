import { expect } from 'vitest';
import type { Review } from '#domain/review.ts';
import { test } from '#tests/db.ts';

const weekly = {
  ...{ name: 'Monday pipeline review', cron: '0 6 * * 1', timeZone: 'America/Chicago' },
  source: { kind: 'pipeline' },
  delivery: { owners: true, emails: ['Priya@northgate.example'] },
};

test('a review is scheduled with when it runs, what it looks at and whom it tells', async ({
  serve,
}) => {
  const { status, body } = await serve.post('/api/reviews', weekly);
  expect(status).toBe(201);
  const review = body as Review;
  expect(review).toMatchObject({
    ...{ words: 'Every Monday at 06:00', dst: 'It stays 06:00 when the clocks change.' },
    ...{ enabled: true, overlap: 'SKIP', catchUp: 1440, ruleIds: null, last: null },
    delivery: { owners: true, emails: ['priya@northgate.example'], onlyIfWorse: false },
    delivers: 'Email, 1',
  });
  expect(review.next).toHaveLength(3);
  for (const { local } of review.next) expect(local).toMatch(/^Mon .* 06:00 C[DS]T$/);
  const { body: listed } = await serve.get('/api/reviews');
  expect(listed).toEqual({ items: [review], next: null });
});

test('a change, a pause and a removal each promise that the schedule follows', async ({
  db,
  serve,
}) => {
  await db.deleteFrom('outbox').execute();
  const { id } = (await serve.post('/api/reviews', weekly)).body as Review;
  const moved = await serve.put(`/api/reviews/${id}`, { ...weekly, cron: '30 7 * * 1-5' });
  expect(moved.body).toMatchObject({ words: 'Mon to Fri at 07:30' });
  expect((await serve.post(`/api/reviews/${id}/pause`)).body).toMatchObject({
    ...{ enabled: false, next: [] },
  });
  expect((await serve.post(`/api/reviews/${id}/resume`)).body).toMatchObject({ enabled: true });
  expect((await serve.del(`/api/reviews/${id}`)).body).toEqual({ deleted: true });
  expect((await serve.get(`/api/reviews/${id}`)).status).toBe(404);
  const promises = await db.selectFrom('outbox').select(['workflow', 'input']).execute();
  expect(promises.map(({ workflow }) => workflow)).toEqual(Array(5).fill('keepReview'));
  expect(promises.every(({ input }) => input.includes(id))).toBe(true);
});

test('a cron that cannot be kept is refused with the reason', async ({ serve }) => {
  for (const [cron, message] of [
    ['0 6 * *', 'A cron has five parts: minute, hour, day, month and weekday.'],
    ['* * * * *', 'A review can run every 15 minutes at most.'],
    ['0 9 30 2 *', 'There is no such day in any year.'],
    ['0 25 * * *', 'Invalid value for hour: 25'],
  ]) {
    const { status, body } = await serve.post('/api/reviews', { ...weekly, cron });
    expect(status).toBe(422);
    expect(body).toMatchObject({ errors: [{ field: 'cron', message }] });
    expect((await serve.post('/api/reviews/next', { cron, timeZone: 'UTC' })).status).toBe(422);
  }
});

test('who gets a review must be there: members, views, pipelines and templates', async ({
  serve,
}) => {
  const stranger = crypto.randomUUID();
  for (const [field, wrong] of Object.entries({
    'source.pipelineId': { source: { kind: 'pipeline', pipelineId: stranger } },
    'source.viewId': { source: { kind: 'view', viewId: stranger } },
    templateId: { templateId: stranger },
    'delivery.inApp': { delivery: { inApp: [stranger] } },
    'delivery.slackConnectionId': { delivery: { slackConnectionId: stranger } },
    'delivery.slackUrl': { delivery: { slackUrl: 'http://169.254.169.254/latest' } },
  })) {
    const { status, body } = await serve.post('/api/reviews', { ...weekly, ...wrong });
    expect(status, field).toBe(422);
    expect(body).toMatchObject({ errors: [{ field }] });
  }
});

test('the address of a Slack webhook is kept sealed and shown by its last letters only', async ({
  db,
  serve,
}) => {
  const slackUrl = 'http://127.0.0.1:9/services/T0/B0/secret-x7Qz';
  const { body } = await serve.post('/api/reviews', { ...weekly, delivery: { slackUrl } });
  const { id, delivery, delivers } = body as Review;
  expect(delivery.slackHint).toBe('127.0.0.1:9/…x7Qz');
  expect(delivers).toBe('Slack');
  expect(JSON.stringify(body)).not.toContain('secret');
  const row = await db.selectFrom('reviews').selectAll().where('id', '=', id).executeTakeFirst();
  expect(JSON.stringify(row)).not.toContain('secret');
  const kept = await serve.put(`/api/reviews/${id}`, { ...weekly, delivery: {} });
  expect((kept.body as Review).delivery.slackHint).toBe('127.0.0.1:9/…x7Qz');
  const gone = await serve.put(`/api/reviews/${id}`, { ...weekly, delivery: { slackUrl: null } });
  expect((gone.body as Review).delivery.slackHint).toBeNull();
});

test('the next 7 days are listed day by day, without what runs many times a day', async ({
  serve,
}) => {
  const daily = { ...weekly, name: 'Daily', cron: '30 7 * * *', timeZone: 'UTC' };
  await serve.post('/api/reviews', daily);
  await serve.post('/api/reviews', { ...weekly, name: 'Often', cron: '0 */6 * * *' });
  const { body } = await serve.get('/api/reviews/week?timeZone=UTC');
  const { days, leftOut } = body as {
    days: { day: string; slots: { name: string; at: string }[] }[];
    leftOut: object[];
  };
  expect(days).toHaveLength(7);
  const slots = days.flatMap((one) => one.slots.map((slot) => ({ ...slot, day: one.day })));
  expect(slots.every(({ day, at }) => at === `${day}T07:30:00.000Z`)).toBe(true);
  expect(slots.length).toBeGreaterThanOrEqual(6);
  expect(leftOut).toMatchObject([{ name: 'Often', words: 'Every 6 hours' }]);
});

test('a run that somebody asks for waits in the history, and a second one while it runs is refused', async ({
  db,
  serve,
}) => {
  const { id } = (await serve.post('/api/reviews', weekly)).body as Review;
  const { status, body } = await serve.post(`/api/reviews/${id}/run`);
  expect(status).toBe(202);
  const { runId } = body as { runId: string };
  expect((await serve.post(`/api/reviews/${id}/run`)).status).toBe(409);
  const { body: history } = await serve.get(`/api/reviews/${id}/runs`);
  expect(history).toMatchObject({
    runs: [{ id: runId, status: 'waiting', deliveries: [], caughtUp: false }],
    counts: { runs: 1, onTime: 0, caughtUp: 0 },
  });
  const promised = await db
    .selectFrom('outbox')
    .select('workflowId')
    .where('workflow', '=', 'review')
    .where('workflowId', 'like', `%${runId}`)
    .execute();
  expect(promised).toHaveLength(1);
});
