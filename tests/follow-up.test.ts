import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { createActivities } from '#activities/index.ts';
import { saveSender } from '#db/senders.ts';
import { relay } from '#worker/relay.ts';
import { test } from './db.ts';
import { always, depsFor } from './sequences.ts';
import { client, working } from './temporal.ts';

interface Page<T> {
  items: T[];
}
interface Mail {
  id: string;
  text: string;
  subject: string;
  headers: Record<string, string>;
}
interface Run {
  status: string;
  reason: string | null;
  steps: { id: string; place: string; state: string }[];
  next: { stepId: string; at: string | null } | null;
}

test(
  'a lead is enrolled and written to; an answer pauses the walk at once and a resume ends it, all over HTTP',
  {
    timeout: 120_000,
  },
  async ({ db, inside, serve }) => {
    await inside((scope) => saveSender(scope, { channel: 'email', address: 'sam@ours.example' }));
    const steps = [
      {
        id: 'first',
        kind: 'email',
        subject: 'Hi {{contact.firstName}}',
        body: 'How is {{company.name}}?',
      },
      { id: 'rest', kind: 'wait', for: { days: 3 } },
      { id: 'last', kind: 'email', subject: 'Still there?', body: 'Shall I call?' },
    ];
    const definition = { name: 'Hello', schedule: always, steps };
    const { id } = (await serve.post('/api/sequences', { definition })).body as { id: string };
    expect((await serve.post(`/api/sequences/${id}/publish`)).body).toMatchObject({ version: 1 });
    const person = { email: 'ada@roadrunner.example', firstName: 'Ada', company: 'Roadrunner' };
    const { lead } = (await serve.post('/api/v1/leads', person)).body as { lead: { id: string } };
    const given = { leadIds: [lead.id] };
    const entering = await serve.post(`/api/sequences/${id}/enrolments`, given);
    expect(entering.status).toBe(202);
    const { enrolmentId } = (entering.body as Page<{ enrolmentId: string }>).items[0]!;
    const again = (await serve.post(`/api/sequences/${id}/enrolments`, given)).body;
    expect(again).toEqual({ items: [{ leadId: lead.id, refused: 'Already in this sequence.' }] });

    const activities = createActivities(depsFor(db));
    await working(activities, async (taskQueue) => {
      let open = true;
      const relaying = (async () => {
        while (open) {
          await relay({ db, temporal: client, taskQueue });
          await pause(20);
        }
      })();
      const sent = await until(
        () => mails(),
        (all) => all.length === 1,
      );
      expect(sent[0]).toMatchObject({
        subject: 'Hi Ada',
        text: expect.stringContaining('Roadrunner'),
      });
      const resting = await until(
        () => run(),
        (now) => now.next?.stepId === 'rest',
      );
      expect(resting.steps.map(({ id, place }) => `${id} ${place}`)).toEqual([
        'first done',
        'rest now',
        'last next',
      ]);

      const told = await serve.post(`/api/sandbox/messages/${sent[0]!.id}/reply`, {
        text: 'Call me.',
      });
      expect(told).toMatchObject({ status: 201, body: { enrolmentIds: [enrolmentId] } });
      expect(await run()).toMatchObject({ status: 'paused', reason: 'replied' });
      const twice = await serve.post(`/api/enrolments/${enrolmentId}/pause`);
      expect(twice.status).toBe(409);

      const resumed = await serve.post(`/api/enrolments/${enrolmentId}/resume`, { keep: 'rest' });
      expect(resumed).toMatchObject({ status: 200, body: { status: 'active', heard: true } });
      const skipped = await serve.post(`/api/enrolments/${enrolmentId}/skip`);
      expect(skipped).toMatchObject({ status: 200, body: { heard: true } });
      const all = await until(
        () => mails(),
        (those) => those.length === 2,
      );
      expect(all[0]!.subject).toBe('Still there?');
      await until(
        () => run(),
        ({ status }) => status === 'completed',
      );

      expect((await serve.get('/api/touches/balance')).body).toEqual({
        ...{ all: 2, accepted: 2, held: 0, skipped: 0, failed: 0, unknown: 0 },
      });
      const touches = (await serve.get(`/api/touches?lead=${lead.id}`)).body as Page<{
        id: string;
      }>;
      const why = await serve.get(`/api/leads/${lead.id}/why?touch=${touches.items[1]!.id}`);
      expect(why.body).toMatchObject({ verdict: 'Sent' });
      expect((why.body as { checks: unknown[] }).checks.length).toBeGreaterThan(3);
      const history = (await serve.get(`/api/enrolments/${enrolmentId}/history`)).body;
      expect(history).toMatchObject({ state: 'there' });

      const own = { channel: 'email', subject: 'As promised', text: 'Here is the offer.' };
      expect((await serve.post(`/api/leads/${lead.id}/messages`, own)).status).toBe(202);
      await until(
        () => mails(),
        (those) => those.length === 3,
      );

      const link = /<http:\/\/[^/]+(\/unsubscribe\/[^>]+)>/.exec(
        sent[0]!.headers['List-Unsubscribe']!,
      );
      const anybody = serve.as({});
      expect((await anybody.get(link![1]!)).status).toBe(200);
      expect((await serve.post(`/api/sequences/${id}/enrolments`, given)).body).toMatchObject({
        items: [{ enrolmentId: expect.any(String) }],
      });
      const form = { 'content-type': 'application/x-www-form-urlencoded' };
      expect((await anybody.post(link![1]!, 'List-Unsubscribe=One-Click', form)).status).toBe(200);
      const open2 = (await serve.get(`/api/enrolments?lead=${lead.id}&status=stopped`)).body;
      expect((open2 as Page<{ reason: string }>).items.map(({ reason }) => reason)).toEqual([
        'unsubscribed',
      ]);
      expect((await serve.post(`/api/leads/${lead.id}/messages`, own)).status).toBe(409);
      open = false;
      await relaying;
    });

    async function mails(): Promise<Mail[]> {
      const to = encodeURIComponent(person.email);
      return ((await serve.get(`/api/sandbox/messages?to=${to}`)).body as Page<Mail>).items;
    }
    async function run(): Promise<Run> {
      return (await serve.get(`/api/enrolments/${enrolmentId}`)).body as Run;
    }
  },
);

/** Asks until it is so; the test's own time-out ends the asking. */
async function until<T>(ask: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (isSo(answer)) return answer;
    await pause(30);
  }
}

test('a raw mail that comes in is told apart, and nobody is found for a stranger', async ({
  serve,
}) => {
  const raw =
    'From: bo@stranger.example\r\nTo: sam@ours.example\r\nSubject: Re: Hi\r\n\r\nNo, thanks.\r\n';
  const told = await serve.post('/api/sandbox/inbound', raw, { 'content-type': 'message/rfc822' });
  expect(told).toMatchObject({
    status: 200,
    body: { kind: 'reply', text: 'No, thanks.', matched: false },
  });
});

test('a draft says what is wrong with it, cannot be published so, and shows what it would say', async ({
  serve,
  inside,
}) => {
  await inside((scope) => saveSender(scope, { channel: 'email', address: 'sam@ours.example' }));
  const template = {
    name: 'intro',
    channel: 'email',
    subject: 'Hi {{contact.firstName}}',
    body: 'Hello.',
  };
  const steps = [{ id: 'one', kind: 'email', template: 'intro' }];
  const made = await serve.post('/api/sequences', { definition: { name: 'Draft', steps } });
  const path = `/api/sequences/${(made.body as { id: string }).id}`;
  const { problems } = (await serve.post(`${path}/lint`)).body as { problems: { code: string }[] };
  expect(problems.map(({ code }) => code)).toContain('template-missing');
  expect(await serve.post(`${path}/publish`)).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'steps[0].template' }] },
  });
  await serve.post('/api/templates', template);
  expect((await serve.post(`${path}/publish`)).status).toBe(200);
  const live = (await serve.get(path)).body as {
    definition: { steps: object[] };
    draftRev: number;
  };
  expect(live.definition.steps[0]).toMatchObject({ subject: 'Hi {{contact.firstName}}' });
  const person = { email: 'nameless@roadrunner.example' };
  const { lead } = (await serve.post('/api/v1/leads', person)).body as { lead: { id: string } };
  const asked = await serve.post(`${path}/preview`, { stepId: 'one', leadId: lead.id });
  expect(asked.body).toMatchObject({ missing: 'contact.firstName' });
  expect((await serve.post(`${path}/preview`, { stepId: 'one' })).body).toMatchObject({
    subject: 'Hi Ada',
  });
  const draft = { definition: { name: 'Draft', steps: [] }, rev: live.draftRev };
  expect((await serve.put(`${path}/draft`, draft)).status).toBe(200);
  expect((await serve.put(`${path}/draft`, draft)).status).toBe(409);
});
