import { sql } from 'kysely';
import { expect } from 'vitest';
import { receiveLeads } from '#db/leads.ts';
import { receiveMessage } from '#db/replies.ts';
import type { Scope } from '#db/scope.ts';
import { getLead } from '#db/lead-detail.ts';
import type { LeadInput } from '#domain/lead.ts';
import type { Inbound } from '#domain/message.ts';
import { test } from '#tests/db.ts';
import { leadActivities } from './leads.ts';

const ann: LeadInput = {
  ...{ email: 'ann@acme.example', phone: '602-555-0142', firstName: 'Ann', title: 'Owner' },
  ...{ company: 'Acme Towing', source: 'referral', campaign: 'Towing AZ wave 3' },
  fields: { Timeline: 'this month', decision_maker: 'yes' },
};

test('a lead is enriched scored assigned and told of', async ({ db, who, inside }) => {
  await inside((scope) => join(scope, { userId: 'dana' }));
  const [id] = await inside((scope) => arrive(scope, [ann]));
  await leadActivities({ db }).intake({ ...who, ids: [id!] });
  const lead = await inside((scope) => getLead(scope, id!));
  expect(lead).toMatchObject({
    ...{ stage: 'ENRICHED', icp: 'towing', ownerId: 'dana', intakeProblem: null },
    assignedBecause: 'round robin among 1, 1 of 60 open leads',
    contact: { smsEligible: true, smsVerified: false, timeZone: 'America/Phoenix', country: 'US' },
    company: { icp: 'towing' },
  });
  expect(lead.score).toBe(lead.scoreFactors.map(({ points }) => points).reduce((a, b) => a + b));
  const groups = lead.scoreFactors.map(({ group, name }) => `${group}: ${name}`);
  expect(groups).toEqual([
    ...['engagement: Came to us', 'fit: Industry', 'fit: Job title', 'fit: Location'],
    ...['behaviour: Decision maker', 'behaviour: Timeline', 'external: Address of a firm'],
    'external: Can be texted',
  ]);
  const told = await inside(({ db }) =>
    db.selectFrom('notifications').select(['userId', 'href']).execute(),
  );
  expect(told).toEqual([{ userId: 'dana', href: `/leads/${id}` }]);
});

test('intake done twice is done once', async ({ db, who, inside }) => {
  await inside((scope) => join(scope, { userId: 'dana' }));
  const ids = await inside((scope) => arrive(scope, [ann]));
  const { intake } = leadActivities({ db });
  await Promise.all([intake({ ...who, ids }), intake({ ...who, ids })]);
  const before = await inside(traces);
  await intake({ ...who, ids });
  expect(await inside(traces)).toEqual(before);
  expect(before).toEqual({ leadScores: 1, notifications: 1, activities: 4 });
});

test('a hundred leads go round fairly among four crowds at once', async ({ db, who, inside }) => {
  for (const userId of ['a', 'b', 'c', 'd']) await inside((scope) => join(scope, { userId }));
  const ids = await inside((scope) => arrive(scope, crowd(100)));
  const { intake } = leadActivities({ db });
  await Promise.all(
    [0, 1, 2, 3].map((n) => intake({ ...who, ids: ids.slice(n * 25, n * 25 + 25) })),
  );
  const held = await inside(({ db }) =>
    db
      .selectFrom('leads')
      .select(({ fn }) => ['ownerId', fn.countAll<number>().as('n')])
      .groupBy('ownerId')
      .orderBy('ownerId')
      .execute(),
  );
  expect(held.map(({ n }) => n)).toEqual([25, 25, 25, 25]);
});

test('a full member and an absent one get nothing and the owner gets the rest', async ({
  db,
  who,
  inside,
}) => {
  await inside(async (scope) => {
    await join(scope, { userId: 'owner', role: 'owner', capacity: 0 });
    await join(scope, { userId: 'full', capacity: 2 });
    await join(scope, { userId: 'away', awayUntil: '2099-01-01T00:00:00Z' });
    await join(scope, { userId: 'looks', role: 'viewer' });
  });
  const ids = await inside((scope) => arrive(scope, crowd(5)));
  await leadActivities({ db }).intake({ ...who, ids });
  const owners = await inside(({ db }) =>
    db.selectFrom('leads').select('ownerId').orderBy('ownerId').execute(),
  );
  expect(owners.map(({ ownerId }) => ownerId)).toEqual(['full', 'full', 'owner', 'owner', 'owner']);
});

test('a territory sends a lead to those it names', async ({ db, who, inside }) => {
  await inside(async (scope) => {
    await join(scope, { userId: 'a' });
    await join(scope, { userId: 'z' });
    const condition = { field: 'company.region', operator: 'equals', value: 'TX' };
    await scope.db
      .insertInto('territories')
      .values({
        ...{ workspaceId: scope.workspaceId, name: 'Texas', position: 1 },
        ...{ condition: JSON.stringify(condition), memberIds: JSON.stringify(['z']) },
      })
      .execute();
  });
  const texan = { ...ann, address: { region: 'Texas', country: 'USA' } };
  const ids = await inside((scope) => arrive(scope, [texan]));
  await leadActivities({ db }).intake({ ...who, ids });
  expect(await inside((scope) => getLead(scope, ids[0]!))).toMatchObject({ ownerId: 'z' });
});

test('one bad lead is marked and the others go on', async ({ db, who, inside }) => {
  await inside((scope) => join(scope, { userId: 'dana' }));
  const ids = await inside((scope) => arrive(scope, crowd(3)));
  await sql`
    create or replace function refuse_one() returns trigger language plpgsql as $$ begin
      if new.external_id = '1' and new.stage = 'ENRICHED' then raise exception 'a bad lead'; end if;
      return new;
    end $$`.execute(db);
  await sql`create trigger refuse_one before update on leads for each row execute function refuse_one()`.execute(
    db,
  );
  await leadActivities({ db }).intake({ ...who, ids });
  await sql`drop trigger refuse_one on leads`.execute(db);
  const rows = await inside(({ db }) =>
    db
      .selectFrom('leads')
      .select(['externalId', 'ownerId', 'intakeProblem'])
      .orderBy('id')
      .execute(),
  );
  expect(rows).toEqual([
    { externalId: '0', ownerId: 'dana', intakeProblem: null },
    { externalId: '1', ownerId: null, intakeProblem: 'a bad lead' },
    { externalId: '2', ownerId: 'dana', intakeProblem: null },
  ]);
});

test('an address that came later is looked into and changes neither owner nor stage', async ({
  db,
  who,
  inside,
}) => {
  await inside((scope) => join(scope, { userId: 'dana' }));
  const ids = await inside((scope) => arrive(scope, [{ phone: '602-555-0142' }]));
  const { intake } = leadActivities({ db });
  await intake({ ...who, ids });
  await inside((scope) => join(scope, { userId: 'aaron' }));
  const again = { phone: '602-555-0142', email: 'ann@acme.example' };
  expect(await inside((scope) => arrive(scope, [again]))).toEqual(ids);
  await intake({ ...who, ids });
  const lead = await inside((scope) => getLead(scope, ids[0]!));
  expect(lead).toMatchObject({ ownerId: 'dana', contact: { emailKind: 'business' } });
  expect(lead.scoreFactors.map(({ name }) => name)).toContain('Address of a firm');
  const scores = await inside(({ db }) =>
    db.selectFrom('leadScores').select('score').orderBy('id').execute(),
  );
  expect(scores.map(({ score }) => score)).toEqual([1 + 4, lead.score]);
});

test('an answer by text raises the score and is told', async ({ db, who, inside }) => {
  await inside((scope) => join(scope, { userId: 'dana' }));
  const ids = await inside((scope) => arrive(scope, [{ phone: '602-555-0142' }]));
  const { intake } = leadActivities({ db });
  await intake({ ...who, ids });
  const before = await inside((scope) => getLead(scope, ids[0]!));
  await inside((scope) =>
    receiveMessage(scope, {
      ...{ channel: 'sms', kind: 'reply', from: '+16025550142', to: '+16025550199' },
      ...{ text: 'Yes please', at: new Date().toISOString() },
      ...{ provider: 'sandbox', providerId: 'm1' },
    } as Inbound),
  );
  const again = await inside(({ db }) =>
    db.selectFrom('outbox').select('input').where('workflow', '=', 'leadIntake').execute(),
  );
  expect(again).toHaveLength(2);
  await intake({ ...who, ids });
  const after = await inside((scope) => getLead(scope, ids[0]!));
  expect(after.score! - before.score!).toBe(25);
});

async function arrive(scope: Scope, inputs: LeadInput[]): Promise<string[]> {
  const received = await receiveLeads(scope, inputs);
  return received.flatMap((one) => (one.outcome === 'rejected' ? [] : one.leadId));
}

async function join(
  { db, workspaceId }: Scope,
  given: { userId: string; role?: string; capacity?: number; awayUntil?: string },
): Promise<void> {
  const { userId } = given;
  const row = { workspaceId, name: userId, email: `${userId}@us.example`, role: 'rep', ...given };
  await db.insertInto('members').values(row).execute();
}

function crowd(size: number): LeadInput[] {
  return Array.from({ length: size }, (_, n) => ({
    ...{ email: `p${n}@firm${n}.example`, externalId: String(n) },
  }));
}

async function traces({ db }: Scope) {
  const { rows } = await sql<object>`
    select (select count(*) from lead_scores) as lead_scores,
      (select count(*) from notifications) as notifications,
      (select count(*) from activities) as activities`.execute(db);
  return rows[0];
}
