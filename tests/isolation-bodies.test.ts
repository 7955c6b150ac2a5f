import { expect } from 'vitest';
import { z } from 'zod';
import { isOpen } from '#api/route.ts';
import { routes } from '#api/routes.ts';
import { test } from '#tests/db.ts';
import { call, contentsOf, idsOf, seed, strangersAt, toldApart } from './isolation.ts';
import { analysisCases, analysisQueries } from './isolation-analyses.ts';
import { dealCases, insightCases, type OwnDeal, ownDeal } from './isolation-deals.ts';
import { mergeCases, mergeQueries } from './isolation-merges.ts';
import { type OwnRecords, ownRecords, recordCases, recordQueries } from './isolation-records.ts';
import { ruleCases } from './isolation-rules.ts';
import { resultCases, resultQueries } from './isolation-results.ts';
import { reviewCases, reviewQueries } from './isolation-reviews.ts';
import type { Calling } from './serve.ts';
import { fill } from './rows.ts';

/** What the stranger has: so that nothing but the other's id is wrong with what they send. */
interface Own extends OwnDeal, OwnRecords {
  lead: string;
  sequence: string;
  sender: string;
  import: string;
}
interface Case {
  at: string;
  /** The field that bears the id, as the schema of the route names it. */
  field: string;
  table: string;
  path?(own: Own): string;
  body(id: string, own: Own): object;
}

const cases: Case[] = [
  ...dealCases,
  ...insightCases,
  ...recordCases,
  ...mergeCases,
  ...resultCases,
  ...reviewCases,
  ...ruleCases,
  ...analysisCases,
  {
    ...{ at: 'post /leads/bulk', field: 'ids', table: 'leads' },
    body: (id) => ({ ids: [id], action: 'tag', slug: 'hot' }),
  },
  {
    ...{ at: 'post /leads/bulk', field: 'ids', table: 'leads' },
    body: (id, { sequence }) => ({ ids: [id], action: 'enrol', sequenceId: sequence }),
  },
  {
    ...{ at: 'post /leads/bulk', field: 'sequenceId', table: 'sequences' },
    body: (id, { lead }) => ({ ids: [lead], action: 'enrol', sequenceId: id }),
  },
  {
    ...{ at: 'post /leads/bulk', field: 'ownerId', table: 'members' },
    body: (id, { lead }) => ({ ids: [lead], action: 'assign', ownerId: id }),
  },
  {
    ...{ at: 'patch /leads/:id', field: 'ownerId', table: 'members' },
    path: ({ lead }) => `/leads/${lead}`,
    body: (id) => ({ ownerId: id }),
  },
  {
    ...{ at: 'post /forecast/commit', field: 'ownerId', table: 'members' },
    body: (id) => ({ month: '2031-01', ownerId: id }),
  },
  {
    ...{ at: 'put /quotas', field: 'ownerId', table: 'members' },
    body: (id) => ({ month: '2031-01', ownerId: id, amountCents: 100 }),
  },
  {
    ...{ at: 'put /territories', field: 'memberIds', table: 'members' },
    body: (id) => ({ items: [{ name: 'All', condition, memberIds: [id], needs: [] }] }),
  },
  {
    ...{ at: 'put /assessments/settings', field: 'connectionId', table: 'connections' },
    body: (id) => ({ connectionId: id }),
  },
  {
    ...{ at: 'post /tasks', field: 'leadId', table: 'leads' },
    body: (id) => ({ leadId: id, title: 'Call them' }),
  },
  {
    ...{ at: 'post /tasks', field: 'assigneeId', table: 'members' },
    body: (id, { lead }) => ({ leadId: lead, title: 'Call them', assigneeId: id }),
  },
  {
    ...{ at: 'post /imports/:id/start', field: 'sequenceId', table: 'sequences' },
    path: (own) => `/imports/${own.import}/start`,
    body: (id) => ({ options: { sequenceId: id, enrol: true } }),
  },
  {
    ...{ at: 'post /sequences/:id/preview', field: 'leadId', table: 'leads' },
    path: ({ sequence }) => `/sequences/${sequence}/preview`,
    body: (id) => ({ stepId: 'a', leadId: id }),
  },
  {
    ...{ at: 'post /sequences/:id/enrolments', field: 'leadIds', table: 'leads' },
    path: ({ sequence }) => `/sequences/${sequence}/enrolments`,
    body: (id) => ({ leadIds: [id] }),
  },
  ...['userId', 'connectionId'].flatMap((field) => [
    {
      ...{ at: 'post /senders', field, table: field === 'userId' ? 'members' : 'connections' },
      body: (id: string) => ({ channel: 'email', address: 'new@others.example', [field]: id }),
    },
    {
      ...{ at: 'patch /senders/:id', field, table: field === 'userId' ? 'members' : 'connections' },
      path: ({ sender }: Own) => `/senders/${sender}`,
      body: (id: string) => ({ [field]: id }),
    },
  ]),
];
const condition = { field: 'lead.score', operator: 'greater_than', value: 10 };

/** Which table's ids a query may name. */
const inQueries: Record<string, string> = {
  ...{ lead: 'leads', enrolment: 'enrolments', sequence: 'sequences', touch: 'touches' },
  ...{ connection: 'connections', owner: 'members', assignee: 'members' },
  pipeline: 'pipelines',
  ...recordQueries,
  ...mergeQueries,
  ...reviewQueries,
  ...resultQueries,
  ...analysisQueries,
};
/** Ids of a step or a rule, and of what is known elsewhere. */
const notOurs = new Set(['stepId', 'ruleId', 'ruleIds', 'placeId', 'externalId']);

const inside = routes.filter((route) => !isOpen(route));

test('every id that a body or a query may name is tried with those of others', () => {
  const tried = new Set(cases.map(({ at, field }) => `${at} ${field}`));
  const missing = inside.flatMap(({ method, path, body, query }) => [
    ...idsIn(body)
      .filter((field) => !notOurs.has(field) && !tried.has(`${method} ${path} ${field}`))
      .map((field) => `${method} ${path}: ${field}`),
    ...idsIn(query)
      .filter((field) => field !== 'cursor' && !inQueries[field])
      .map((field) => `${method} ${path}?${field}`),
  ]);
  expect(missing).toEqual([]);
});

test('an id of another workspace in a body is refused like one that nobody has', async ({
  db,
  who,
  serve,
}) => {
  await seed(db, who.workspaceId, serve);
  const ids = await idsOf(db, who.workspaceId);
  const before = await contentsOf(db, who.workspaceId);
  const stranger = await strangersAt(db);
  const own = await owned(db, stranger);
  const leaks: string[] = [];
  for (const { at, field, table, path, body } of cases) {
    const [method, pattern] = at.split(' ') as [string, string];
    const route = inside.find((one) => `${one.method} ${one.path}` === at);
    expect(route?.body?.safeParse(body(crypto.randomUUID(), own)).error?.issues ?? []).toEqual([]);
    const mine = await contentsOf(db, stranger.workspaceId, ['leads', 'senders', 'tasks']);
    const { known, difference } = await toldApart(ids[table]!, (id) =>
      call(stranger, method, `/api${path?.(own) ?? pattern}`, body(id, own)),
    );
    if (difference) leaks.push(`${at} ${field}: ${difference}`);
    else if (!isRefused(known)) leaks.push(`${at} ${field}: ${JSON.stringify(known)}`);
    expect(await contentsOf(db, stranger.workspaceId, ['leads', 'senders', 'tasks']), at).toEqual(
      mine,
    );
  }
  await stranger.stop();
  expect(leaks).toEqual([]);
  expect(await contentsOf(db, who.workspaceId)).toEqual(before);
});

test('a query that names an id of another workspace finds what one finds that nobody has', async ({
  db,
  who,
  serve,
}) => {
  await seed(db, who.workspaceId, serve);
  const ids = await idsOf(db, who.workspaceId);
  const stranger = await strangersAt(db);
  const own = await owned(db, stranger);
  // Two answers to one question differ in nothing but their moment.
  const now = stranger.deps.now();
  stranger.deps.now = () => now;
  const asked = inside.flatMap(({ method, path, query }) =>
    Object.keys((query as z.ZodObject | undefined)?.shape ?? {})
      .filter((field) => inQueries[field])
      .map((field) => ({ method, path: path.replace(':id', own.lead), field })),
  );
  expect(asked.length).toBeGreaterThan(10);
  const leaks: string[] = [];
  for (const { method, path, field } of asked) {
    const { difference } = await toldApart(ids[inQueries[field]!]!, (id) =>
      call(stranger, method, `/api${path}?${field}=${id}`),
    );
    if (difference) leaks.push(`${method} ${path}?${field}: ${difference}`);
  }
  await stranger.stop();
  expect(leaks).toEqual([]);
});

function isRefused({ status, body }: { status: number; body: unknown }): boolean {
  if (status >= 400) return status < 500;
  if ((body as { count?: number }).count === 0) return true;
  const items = (body as { items?: { refused?: string }[] }).items ?? [];
  return items.length > 0 && items.every(({ refused }) => refused !== undefined);
}

async function owned(
  db: Parameters<typeof fill>[0],
  stranger: Calling & { token(): Promise<string> },
): Promise<Own> {
  const { lead } = await made('/api/leads', { email: 'eve@others.example', tags: ['hot'] });
  const steps = [{ id: 'a', kind: 'email', subject: 'Hello', body: 'Hello there' }];
  const { id: sequence } = await made('/api/sequences', { definition: { name: 'Ours', steps } });
  expect((await stranger.post(`/api/sequences/${String(sequence)}/publish`)).status).toBe(200);
  const address = { channel: 'email', address: 'eve@others.example' };
  const { id: sender } = await made('/api/senders', address);
  const form = new FormData();
  form.set('file', new Blob(['Email\nann@acme.example\n']), 'leads.csv');
  const upload = await fetch(`${stranger.url}/api/imports`, {
    ...{ method: 'POST', body: form },
    headers: { authorization: `Bearer ${await stranger.token()}` },
  });
  const { id: imported } = (await upload.json()) as { id: string };
  const own = { lead: (lead as { id: string }).id, sequence, sender, import: imported };
  return { ...own, ...(await ownDeal(stranger)), ...(await ownRecords(stranger, own.lead)) } as Own;

  async function made(path: string, body: object): Promise<Record<string, unknown>> {
    const reply = await stranger.post(path, body);
    expect(reply.status, path).toBe(201);
    return reply.body as Record<string, unknown>;
  }
}

/** The fields of a schema, however deep, that take ids. */
function idsIn(schema: z.ZodType | undefined): string[] {
  if (!schema) return [];
  const found = new Set<string>();
  look(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  return [...found];

  function look(part: unknown): void {
    if (typeof part !== 'object' || part === null) return;
    for (const [key, value] of Object.entries(part)) {
      if (key === 'properties') {
        for (const [name, shape] of Object.entries(value as Record<string, object>)) {
          const own = { ...shape, properties: undefined, $defs: undefined };
          if (/^ids?$|Ids?$/.test(name) || /"format":"uuid"/.test(JSON.stringify(own))) {
            if (!('properties' in shape)) found.add(name);
          }
        }
      }
      look(value);
    }
  }
}
