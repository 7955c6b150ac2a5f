import { expect } from 'vitest';
import { touchActivities } from '#activities/touches.ts';
import { test } from '#tests/db.ts';
import { depsFor, entered, mail, published } from '#tests/sequences.ts';

const steps = [mail, { id: 'rest', kind: 'wait', for: { days: 3 } }, { ...mail, id: 'last' }];

test('a walk tells what it did, where it stands and when it goes on, and the ledger balances', async ({
  db,
  who,
  serve,
  inside,
}) => {
  const people = await inside(async (scope) =>
    entered(scope, (await published(scope, steps)).sequenceId, 3),
  );
  const { touch } = touchActivities(depsFor(db));
  const now = new Date().toISOString();
  const at = { ...who, stepId: 'first', visit: 0, since: now };
  await touch({ ...at, enrolmentId: people[0]!.enrolmentId });
  await inside(({ db }) => db.updateTable('contacts').set({ doNotContact: true }).execute());
  await touch({ ...at, enrolmentId: people[1]!.enrolmentId });
  const walk = await serve.get(`/api/enrolments/${people[0]!.enrolmentId}`);
  expect(walk.body).toMatchObject({
    ...{ status: 'active', version: 1 },
    steps: [
      { id: 'first', kind: 'email', because: expect.any(String) as string },
      { id: 'rest', kind: 'wait' },
      { id: 'last', kind: 'email' },
    ],
    next: { because: expect.any(String) as string },
  });
  const balance = (await serve.get('/api/touches/balance')).body;
  expect(balance).toEqual({ all: 2, accepted: 1, held: 0, skipped: 1, failed: 0, unknown: 0 });
  const skipped = await serve.get('/api/touches?state=skipped');
  expect(skipped.body).toMatchObject({ items: [{ leadId: people[1]!.leadId }] });
});

test('a walk is paused, resumed and stopped by a person, and what it cannot do any more is refused', async ({
  serve,
  inside,
}) => {
  const [person] = await inside(async (scope) =>
    entered(scope, (await published(scope, steps)).sequenceId),
  );
  const at = `/api/enrolments/${person!.enrolmentId}`;
  expect((await serve.post(`${at}/pause`)).body).toMatchObject({ status: 'paused' });
  expect((await serve.post(`${at}/pause`)).status).toBe(409);
  expect((await serve.post(`${at}/resume`)).body).toMatchObject({ status: 'active' });
  expect((await serve.post(`${at}/stop`)).body).toMatchObject({
    ...{ status: 'stopped', reason: 'manual' },
  });
  expect((await serve.post(`${at}/resume`)).status).toBe(409);
  const lines = await serve.get(`/api/leads/${person!.leadId}/timeline`);
  const kinds = (lines.body as { items: { kind: string }[] }).items.map(({ kind }) => kind);
  expect(kinds.slice(0, 3)).toEqual([
    ...['enrolment_stopped', 'enrolment_resumed', 'enrolment_paused'],
  ]);
});

test('why a touch was sent or was not is told with what was asked', async ({
  db,
  who,
  serve,
  inside,
}) => {
  const [person] = await inside(async (scope) =>
    entered(scope, (await published(scope, steps)).sequenceId),
  );
  const { touch } = touchActivities(depsFor(db));
  const { enrolmentId, leadId } = person!;
  const since = new Date().toISOString();
  await touch({ ...who, enrolmentId, stepId: 'first', visit: 0, since });
  const why = await serve.get(`/api/leads/${leadId}/why`);
  expect(why.body).toMatchObject({
    checks: expect.arrayContaining([
      expect.objectContaining({ name: 'Suppressed', ok: true, detail: 'On no list' }),
      expect.objectContaining({ name: 'Window', ok: true }),
    ]) as object[],
  });
  const titles = (why.body as { chain: { title: string }[] }).chain.map(({ title }) => title);
  expect(titles).toEqual(
    expect.arrayContaining(['What let them in', 'Sequence', 'Step reached', 'Sent', 'Claimed']),
  );
});
