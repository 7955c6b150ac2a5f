import { sql } from 'kysely';
import type { Scope } from '#db/scope.ts';
import { takeSnapshot } from '#db/snapshots.ts';

const DAY = 24 * 60 * 60 * 1000;

/** A pipeline with a past: open deals for this month and the next two, a year of won and lost ones, and last Sunday's record. */
export async function tellDeals(scope: Scope, owners: string[]): Promise<void> {
  await putOpen(scope, owners);
  await putClosed(scope, owners);
  const { rows } = await sql<{ monday: string }>`
    select date_trunc('week', now(), time_zone) as monday from workspaces`.execute(scope.db);
  await takeSnapshot(scope, new Date(Date.parse(rows[0]!.monday) + 60_000).toISOString());
}

async function putOpen(scope: Scope, owners: string[]): Promise<void> {
  const { rows } = await sql<{ last: string; next: string; after: string }>`
    with here as (select (now() at time zone time_zone)::date as today from workspaces)
    select to_char(date_trunc('month', today) + interval '1 month - 1 day', 'YYYY-MM-DD') as last,
      to_char(date_trunc('month', today) + interval '1 month 14 days', 'YYYY-MM-DD') as next,
      to_char(date_trunc('month', today) + interval '2 months 9 days', 'YYYY-MM-DD') as after
    from here`.execute(scope.db);
  const { last, next, after } = rows[0]!;
  const deals: [string, string, number, number | null, string | null, number][] = [
    ['Tri-County Haulers', 'proposal', 64_800_00, 60, last, 9],
    ['Bauer Cold Storage', 'negotiation', 91_993_00, 38, last, 15],
    ['Blue Mesa Plumbing', 'proposal', 36_400_00, 55, last, 2],
    ['Oakhurst Pharmacy', 'negotiation', 21_900_00, 80, last, 1],
    ['Keystone Drayage', 'proposal', 42_900_00, 65, next, 3],
    ['Copperline Freight', 'qualification', 68_000_00, 40, next, 20],
    ['Juniper Foods', 'discovery', 12_300_00, 20, after, 35],
    ['Quill Harbor Ferries', 'discovery', 24_000_00, 30, null, 12],
    ['Bexley Waste', 'qualification', 18_700_00, null, next, 6],
  ];
  for (const [index, [name, stage, amountCents, probability, close, quiet]] of deals.entries()) {
    await putDeal(scope, {
      ...{ name, stage, amountCents, probability, expectedCloseOn: close },
      ...{ ownerId: owners[index % 2]!, source: index % 3 ? 'manual' : 'import' },
      ...{ createdAt: ago(60 + index), lastActivityAt: ago(quiet) },
    });
  }
}

/** Won ones had a word every few days to the end; lost ones went silent a month before. */
async function putClosed(scope: Scope, owners: string[]): Promise<void> {
  for (let index = 0; index < 48; index += 1) {
    const isWon = index % 3 !== 0;
    const end = 5 + index * 7;
    const id = await putDeal(scope, {
      ...{
        name: `${isWon ? 'Fleet of' : 'Tender of'} ${100 + index}`,
        probability: isWon ? 100 : 0,
      },
      ...{ amountCents: (8_000 + index * 700) * 100, ownerId: owners[index % 2]! },
      source: ['import', 'manual', 'conversion'][index % 3]!,
      ...{ createdAt: ago(end + 40 + (index % 9)), lastActivityAt: ago(end) },
      ...(isWon
        ? { status: 'won' as const, wonAt: ago(end) }
        : { status: 'lost' as const, lostAt: ago(end) }),
    });
    const last = isWon ? end + 1 : end + 30;
    await scope.db
      .insertInto('activities')
      .values(
        Array.from({ length: 4 }, (_, turn) => ({
          ...{ workspaceId: scope.workspaceId, dealId: id, kind: 'call', title: 'Called' },
          ...{ actor: scope.actor, at: ago(last + turn * 3) },
        })),
      )
      .execute();
  }
}

interface Given {
  name: string;
  stage?: string;
  status?: 'open' | 'won' | 'lost';
  ownerId: string;
  source: string;
  amountCents: number;
  probability: number | null;
  expectedCloseOn?: string | null;
  wonAt?: string;
  lostAt?: string;
  createdAt: string;
  lastActivityAt: string;
}

/** A deal as it is by now, with the event of its beginning. */
async function putDeal(scope: Scope, { stage, ...given }: Given): Promise<string> {
  const { db, workspaceId, actor } = scope;
  const slug = stage ?? (given.status === 'won' ? 'closed_won' : 'closed_lost');
  const { id: stageId, pipelineId } = await db
    .selectFrom('stages')
    .select(['id', 'pipelineId'])
    .where('slug', '=', slug)
    .executeTakeFirstOrThrow();
  const row = { workspaceId, pipelineId, stageId, createdBy: actor, isDemo: true };
  const { id, createdAt } = await db
    .insertInto('deals')
    .values({ ...row, ...given, typedCents: given.amountCents })
    .returning(['id', 'createdAt'])
    .executeTakeFirstOrThrow();
  const after = JSON.stringify({ stageId });
  const event = { kind: 'created', after, actor, at: createdAt };
  await db
    .insertInto('dealEvents')
    .values({ workspaceId, dealId: id, ...event })
    .execute();
  return id;
}

function ago(days: number): string {
  return new Date(Date.now() - days * DAY).toISOString();
}
