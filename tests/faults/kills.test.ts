import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { simulateResend } from '#integrations/resend/simulator.ts';
import { type Account, openAccount } from '#tests/account.ts';
import { type House, type Part, raiseHouse } from '#tests/house.ts';
import { seeded } from './random.ts';

const ROUNDS = Number(process.env['FAULT_ROUNDS'] ?? 25);
const SEED = Number(process.env['FAULT_SEED'] ?? 20_261);
const API_KEY = 're_made_up';
const PEOPLE = 300;
const MAILS = 3;
const parts: Part[] = ['api', 'worker', 'temporal', 'postgres'];

test(
  'killed at any moment, everything acknowledged is stored and everyone is written to exactly once',
  { timeout: 20 * 60_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'throughline-faults-'));
    const mail = await simulateResend({ apiKey: API_KEY });
    const house = await raiseHouse(folder, { OUTBOUND_ALLOW: '127.0.0.1' });
    onTestFinished(async () => {
      await house.stop();
      await mail.stop();
      await rm(folder, { recursive: true, force: true });
    }, 60_000);
    const account = await openAccount(house.url);
    const door = await prepare(house, account, mail.url);

    const acknowledged = new Set<string>();
    const sending = post(door, acknowledged);
    const kills = await killInTurn(house);
    await sending;
    await quiet(house);

    const counts = await countsOf(house);
    const sent = mail.mails.map(({ to, subject }) => `${String(to)} ${String(subject)}`);
    const stored = await house.db.selectFrom('deliveries').select('eventId').execute();
    console.log(
      JSON.stringify({ seed: SEED, kills, calls: mail.calls.length, sent: sent.length, ...counts }),
    );

    const known = new Set(stored.map(({ eventId }) => eventId));
    expect([...acknowledged].filter((id) => !known.has(id))).toEqual([]);
    expect(acknowledged.size).toBe(PEOPLE);
    expect(counts).toMatchObject({ leads: PEOPLE, enrolments: PEOPLE, completed: PEOPLE });
    expect(new Set(sent).size, 'every message once').toBe(sent.length);
    expect(sent.length).toBe(PEOPLE * MAILS);
    expect(counts.accepted).toBe(PEOPLE * MAILS);
    expect(counts.all).toBe(
      counts.accepted + counts.held + counts.skipped + counts.failed + counts.unknown,
    );
  },
);

interface Door {
  url: string;
  secret: string;
}

/** A mail provider, a door for leads, and a sequence that everyone who comes in walks. */
async function prepare(house: House, account: Account, mailUrl: string): Promise<Door> {
  const mailbox = await account.call<{ id: string }>('POST', '/api/connections', {
    source: 'resend',
    settings: { apiKey: API_KEY, url: mailUrl, secret: 'whsec_dGVzdHRlc3R0ZXN0' },
  });
  await house.db
    .updateTable('senders')
    .set({ provider: 'resend', connectionId: mailbox.id })
    .where('channel', '=', 'email')
    .execute();
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  const { id } = await account.call<{ id: string }>('POST', '/api/sequences', {
    definition: {
      name: 'Through everything',
      entry: { on: { event: 'lead.received' } },
      schedule: { days, from: '00:00', to: '24:00', zone: 'UTC', holidays: 'none' },
      steps: Array.from({ length: MAILS }, (_, n) => [
        {
          id: `mail-${n}`,
          kind: 'email',
          subject: `Mail ${n}`,
          body: 'Hello {{contact.firstName}}',
        },
        { id: `rest-${n}`, kind: 'wait', for: { seconds: 5 } },
      ]).flat(),
    },
  });
  await account.call('POST', `/api/sequences/${id}/publish`, {});
  return account.call<Door>('POST', '/api/connections', {
    source: 'generic',
    settings: { mapping: { email: 'email', firstName: 'firstName' } },
  });
}

/** Posts one event after the other as providers do: again and again until it is acknowledged. */
async function post({ url, secret }: Door, acknowledged: Set<string>): Promise<void> {
  for (let n = 0; n < PEOPLE; n += 1) {
    const id = `event-${n}`;
    const body = JSON.stringify({ email: `person-${n}@walk.example`, firstName: 'Ada' });
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'x-webhook-signature': createHmac('sha256', secret).update(body).digest('hex'),
    };
    while (!acknowledged.has(id)) {
      const signal = AbortSignal.timeout(5000);
      const how = { method: 'POST', headers, body, signal };
      const answer = await fetch(url, how).catch(() => undefined);
      if (answer?.ok) acknowledged.add(id);
      else await pause(100);
    }
    await pause(60);
  }
}

/** Kills one part after the other at moments a seed decides, some of them while they start. */
async function killInTurn(house: House): Promise<Record<Part, number>> {
  const random = seeded(SEED);
  const kills = { api: 0, worker: 0, temporal: 0, postgres: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    const part = parts[round % parts.length]!;
    await pause(random() * 1500);
    await house.kill(part);
    kills[part] += 1;
    await pause(random() * 500);
    await house.start(part);
    const service = part === 'api' || part === 'worker';
    if (service && random() < 0.4) {
      await pause(random() * 800);
      await house.kill(part);
      kills[part] += 1;
      await house.start(part);
    }
  }
  await house.ready();
  return kills;
}

/** Waits until nothing is pending any more, nor anybody between their arrival and their sequence, or nothing has moved for a minute. */
async function quiet(house: House): Promise<void> {
  let last = '';
  for (let still = 0; still < 60;) {
    const now = await countsOf(house);
    const arriving = now.leads - now.enrolments;
    if (now.pending + now.outbox + now.open + arriving === 0 && now.completed > 0) return;
    still = JSON.stringify(now) === last ? still + 1 : 0;
    last = JSON.stringify(now);
    await pause(1000);
  }
}

interface Counts {
  leads: number;
  enrolments: number;
  completed: number;
  open: number;
  pending: number;
  outbox: number;
  all: number;
  accepted: number;
  held: number;
  skipped: number;
  failed: number;
  unknown: number;
}

async function countsOf(house: House): Promise<Counts> {
  const { rows } = await sql<Counts>`select
    (select count(*)::int from leads) as leads,
    (select count(*)::int from enrolments) as enrolments,
    (select count(*)::int from enrolments where status = 'completed') as completed,
    (select count(*)::int from enrolments where status in ('active', 'paused', 'blocked')) as open,
    (select count(*)::int from deliveries where state = 'pending') as pending,
    (select count(*)::int from outbox) as outbox,
    count(*)::int as all,
    count(*) filter (where state in ('accepted', 'delivered', 'bounced'))::int as accepted,
    count(*) filter (where state in ('held', 'planned', 'claimed'))::int as held,
    count(*) filter (where state = 'skipped')::int as skipped,
    count(*) filter (where state = 'failed')::int as failed,
    count(*) filter (where state = 'unknown')::int as unknown
    from touches`.execute(house.db);
  return rows[0]!;
}
