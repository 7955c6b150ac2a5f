import { sql } from 'kysely';
import type { Scope } from '#db/scope.ts';
import { takeSnapshot } from '#db/snapshots.ts';

const DAY = 24 * 60 * 60 * 1000;

/** A pipeline with a past: open deals for this month and the next two, a year of won and lost ones, and last Sunday's record. */
export async function tellDeals(scope: Scope, owners: string[]): Promise<void> {
  const firms = await firmsOf(scope);
  await putOpen(scope, owners, firms);
  await putClosed(scope, owners, firms);
  const { rows } = await sql<{ monday: string }>`
    select date_trunc('week', now(), time_zone) as monday from workspaces`.execute(scope.db);
  await takeSnapshot(scope, new Date(Date.parse(rows[0]!.monday) + 60_000).toISOString());
}

interface Firm {
  name: string;
  companyId: string;
  contactId: string;
}

/** The firms of the demo, each with somebody who works there. */
async function firmsOf({ db }: Scope): Promise<Firm[]> {
  const { rows } = await sql<Firm>`
    select distinct on (co.name) co.name, co.id as company_id, c.id as contact_id
    from companies co join contacts c on c.company_id = co.id order by co.name, c.id`.execute(db);
  return rows;
}

async function putOpen(scope: Scope, owners: string[], firms: Firm[]): Promise<void> {
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
    const [word] = name.split(' ');
    await putDeal(scope, {
      ...whose(firms.find((firm) => firm.name.startsWith(word!))),
      ...{ name, stage, amountCents, probability, expectedCloseOn: close },
      ...{ ownerId: owners[index % 2]!, source: index % 3 ? 'manual' : 'import' },
      ...{ createdAt: ago(60 + index), lastActivityAt: ago(quiet) },
    });
  }
}

/** Won ones had a word every few days to the end; lost ones went silent a month before. */
async function putClosed(scope: Scope, owners: string[], firms: Firm[]): Promise<void> {
  for (let index = 0; index < 48; index += 1) {
    const isWon = index % 3 !== 0;
    const firm = whose(firms[(index * 3) % 13]);
    const end = 5 + index * 7;
    const id = await putDeal(scope, {
      ...firm,
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
          ...{ workspaceId: scope.workspaceId, dealId: id, ...firm, kind: 'call', title: 'Called' },
          ...{ actor: scope.actor, at: ago(last + turn * 3) },
        })),
      )
      .execute();
  }
}

/** Of nobody where there is no such firm. */
function whose(firm: Firm | undefined): { companyId: string | null; contactId: string | null } {
  return { companyId: firm?.companyId ?? null, contactId: firm?.contactId ?? null };
}

interface Given {
  companyId: string | null;
  contactId: string | null;
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
