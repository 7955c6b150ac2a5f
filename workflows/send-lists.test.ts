import { expect } from 'vitest';
import { findingLetterActivities } from '#activities/finding-letters.ts';
import type { Deps } from '#activities/deps.ts';
import type { Scope } from '#db/scope.ts';
import { anAnalysis } from '#tests/analysis-story.ts';
import { test } from '#tests/db.ts';
import { running } from '#tests/temporal.ts';
import { sendLists } from './send-lists.ts';

test('each owner gets a mail with what was found on their own deals and once per click', async ({
  db,
  who,
  serve,
  inside,
}) => {
  const id = await inside(async (scope) => {
    await member(scope, 'marcus', 'Marcus Oyelaran');
    await member(scope, 'tom', 'Tom Brandt');
    await member(scope, 'idle', 'Ines Ferreira');
    return anAnalysis(scope);
  });
  const key = { 'Idempotency-Key': 'one-click' };
  const path = `/api/analyze/${id}/send`;
  const first = await serve.post(path, {}, key);
  expect(first).toMatchObject({ status: 202, body: { sent: 2, left: [] } });
  expect((await serve.post(path, {}, key)).body).toEqual(first.body);
  const [start] = await startsOf();
  expect(await startsOf()).toEqual([start]);

  const activities = findingLetterActivities(deps());
  let kills = 0;
  const { sendList } = activities;
  activities.sendList = async (one) => {
    await sendList(one);
    // Whatever happens after it was sent, it is not sent again.
    if (kills++ === 0) throw new Error('killed');
  };
  const input = JSON.parse(start!.input) as Parameters<typeof sendLists>;
  await running(sendLists, input, activities, (run) => run.result());
  expect(kills).toBe(3);
  const mails = await mailsOf();
  expect(mails.map(({ recipient, subject }) => [recipient, subject])).toEqual([
    ['marcus@people.example', 'Monday pipeline review: 2 of your deals, 1 critical'],
    ['tom@people.example', 'Monday pipeline review: 1 of your deals, 1 critical'],
  ]);
  expect(mails[0]!.body).toContain('Close date in the past: Bauer Cold Storage');
  expect(mails[0]!.body).toContain('Set a real close date');
  expect(mails[0]!.body).toContain(`https://crm.example/reviews/${id}?owner=marcus`);
  expect(mails[0]!.body).not.toMatch(/Dvořák|Copperline|Change who gets/);
  expect(mails[1]!.body).toMatch(/Dvořák/);
  expect(mails[1]!.body).not.toMatch(/Bauer|Alder/);

  function startsOf() {
    return db
      .selectFrom('outbox')
      .select(['workflow', 'workflowId', 'input'])
      .where('workspaceId', '=', who.workspaceId)
      .where('workflow', '=', 'sendLists')
      .execute();
  }

  function mailsOf() {
    return db
      .selectFrom('sandboxMessages')
      .select(['recipient', 'subject', 'body'])
      .where('workspaceId', '=', who.workspaceId)
      .orderBy('recipient')
      .execute();
  }

  function deps(): Deps {
    const how = { db, sandbox: true, publicBaseUrl: 'https://crm.example' };
    return { ...how, now: serve.deps.now } as unknown as Deps;
  }
});

test('who is no member or has nothing to see to gets no list, and it is said so', async ({
  serve,
  inside,
}) => {
  const id = await inside(async (scope) => {
    await member(scope, 'tom', 'Tom Brandt');
    await member(scope, 'idle', 'Ines Ferreira');
    return anAnalysis(scope);
  });
  const reply = await serve.post(`/api/analyze/${id}/send`, { owners: ['idle', 'marcus', 'tom'] });
  expect(reply.body).toEqual({
    sent: 1,
    left: [
      { ownerId: 'idle', because: 'Nothing was found on deals of theirs.' },
      { ownerId: 'marcus', because: 'They are no member, and have no address here.' },
    ],
  });
});

async function member({ db, workspaceId }: Scope, userId: string, name: string): Promise<void> {
  const row = { workspaceId, userId, name, email: `${userId}@people.example`, role: 'rep' };
  await db.insertInto('members').values(row).execute();
}
