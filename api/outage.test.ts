import { expect } from 'vitest';
import { test } from '#tests/proxy.ts';
import type { Reply } from '#tests/serve.ts';

const patient = { timeout: 120_000 };
const crowd = Array.from({ length: 30 }, (_, at) => `bob${at}`);

function aLead(name: string) {
  return { email: `${name}@acme.example`, company: `${name} Freight` };
}

function expectComeBack({ status, headers, body }: Reply): void {
  expect({ status, body }).toMatchObject({ status: 503, body: { type: '/problems/unavailable' } });
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect(headers.get('content-type')).toMatch('application/problem+json');
}

test(
  'a Postgres that stops answers nobody, everybody is told to come back, and it is used again when it goes on',
  patient,
  async ({ start, proxy, signUp, system, db }) => {
    await start().ready();
    const browser = await signUp();
    expect((await system.post('/api/v1/leads', aLead('ann'))).status).toBe(201);
    proxy.hold();
    const health = browser.get('/api/health');
    const answers = await Promise.all([
      ...[browser.get('/api/leads'), system.get('/api/v1/leads')],
      ...crowd.map((name) => system.post('/api/v1/leads', aLead(name))),
    ]);
    answers.forEach(expectComeBack);
    const { status, headers } = await health;
    expect({ status, wait: headers.get('retry-after') }).toEqual({ status: 503, wait: '5' });
    proxy.goOn();
    await expect.poll(async () => (await browser.get('/api/leads')).status).toBe(200);
    await expect.poll(async () => (await browser.get('/api/health/ready')).status).toBe(200);
    const contacts = await db.selectFrom('contacts').select('email').execute();
    expect(contacts).toEqual([{ email: 'ann@acme.example' }]);
  },
);

test(
  'a connection on which an answer was lost is never used again',
  patient,
  async ({ start, proxy, system }) => {
    await start().ready();
    await Promise.all(crowd.map(() => system.get('/api/v1/leads')));
    proxy.swallow();
    (await Promise.all(crowd.map(() => system.get('/api/v1/leads')))).forEach(expectComeBack);
    proxy.goOn();
    const back = await Promise.all(crowd.map(() => system.get('/api/v1/leads')));
    expect(back.map(({ status }) => status)).toEqual(crowd.map(() => 200));
  },
);

test(
  'what was asked for while answers were lost is there whole or not at all, and a repeat makes it once',
  patient,
  async ({ start, proxy, system, who, db }) => {
    await start().ready();
    const { workspaceId } = who;
    function post(name: string): Promise<Reply> {
      return system.post('/api/v1/leads', aLead(name), { 'idempotency-key': name });
    }
    const first = Promise.all(crowd.map(post));
    await expect.poll(() => leadsOf(workspaceId)).not.toBe(0);
    proxy.swallow('answers');
    const statuses = (await first).map(({ status }) => status);
    expect(new Set([...statuses, 201, 503])).toEqual(new Set([201, 503]));
    proxy.goOn();
    const again = await Promise.all(crowd.map(post));
    expect(again.map(({ status }) => status)).toEqual(crowd.map(() => 201));
    expect(await leadsOf(workspaceId)).toBe(crowd.length);
    const promised = await db
      .selectFrom('outbox')
      .select('id')
      .where('workspaceId', '=', workspaceId)
      .where('workflow', '=', 'leadIntake')
      .execute();
    expect(promised).toHaveLength(crowd.length);

    async function leadsOf(id: string): Promise<number> {
      const rows = db.selectFrom('leads').select('id').where('workspaceId', '=', id);
      return (await rows.execute()).length;
    }
  },
);

test(
  'a connection that breaks at any moment of a call costs that call and nothing else',
  patient,
  async ({ start, proxy, signUp, system, who, db }) => {
    const { ready, child } = start();
    await ready();
    // So that the connections of sign-in are at rest: this is about ours.
    await signUp();
    const acknowledged: string[] = [];
    for (let moment = 1; moment <= 40; moment += 1) {
      proxy.cutAfter(moment);
      const { email, company } = aLead(`cut${moment}`);
      const { status } = await system.post('/api/v1/leads', { email, company });
      if (status === 201) acknowledged.push(email);
      else expect(status).toBe(503);
    }
    expect(child.exitCode).toBeNull();
    const { workspaceId } = who;
    const rows = await db
      .selectFrom('contacts')
      .select('email')
      .where('workspaceId', '=', workspaceId)
      .execute();
    expect(rows.map(({ email }) => email)).toEqual(expect.arrayContaining(acknowledged));
    expect((await system.get('/api/v1/leads')).status).toBe(200);
  },
);
