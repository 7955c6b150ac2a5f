import { setTimeout as pause } from 'node:timers/promises';
import { type RawBuilder, sql } from 'kysely';
import type { LeadInput } from '#domain/lead.ts';
import { receiveLeads } from '#db/leads.ts';
import { inWorkspace } from '#db/scope.ts';
import type { Account } from '#tests/account.ts';
import type { House } from '#tests/house.ts';

/** People who do not exist, the same ones in every run. */
export function people(count: number, from = 0): LeadInput[] {
  return Array.from({ length: count }, (_, n) => ({
    email: `person-${from + n}@firm-${(from + n) % (count / 2)}.example`,
    firstName: 'Ada',
    lastName: `Person ${from + n}`,
    company: `Firm ${(from + n) % (count / 2)}`,
    source: 'website',
  }));
}

export async function receive(house: House, account: Account, leads: LeadInput[]): Promise<void> {
  const who = { workspaceId: account.workspaceId, actor: account.userId };
  for (let from = 0; from < leads.length; from += 500)
    await inWorkspace(house.db, who, (scope) =>
      receiveLeads(scope, leads.slice(from, from + 500), { source: 'website' }),
    );
}

/** Publishes a sequence that may send at any hour, and answers its id. */
export async function publish(
  account: Account,
  definition: { name: string; steps: unknown[]; entry?: unknown },
): Promise<string> {
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  const schedule = { days, from: '00:00', to: '24:00', zone: 'UTC', holidays: 'none' };
  const body = { definition: { schedule, ...definition } };
  const { id } = await account.call<{ id: string }>('POST', '/api/sequences', body);
  await account.call('POST', `/api/sequences/${id}/publish`, {});
  return id;
}

export async function enrol(
  account: Account,
  sequenceId: string,
  leadIds: string[],
): Promise<void> {
  for (let from = 0; from < leadIds.length; from += 500)
    await account.call('POST', `/api/sequences/${sequenceId}/enrolments`, {
      leadIds: leadIds.slice(from, from + 500),
    });
}

export async function leadIdsOf(house: House, account: Account): Promise<string[]> {
  const rows = await house.db
    .selectFrom('leads')
    .select('id')
    .where('workspaceId', '=', account.workspaceId)
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** How many rows there are, e.g. sql`leads where score is null`. */
export async function countOf(house: House, what: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${what}`.execute(
    house.db,
  );
  return rows[0]!.n;
}

/** Waits until a count is reached, and answers how long it took since `began`. */
export async function reached(
  count: () => Promise<number>,
  goal: number,
  began: number,
): Promise<number> {
  for (let quiet = 0, last = -1; ; await pause(50)) {
    const now = await count();
    if (now >= goal) return performance.now() - began;
    quiet = now === last ? quiet + 1 : 0;
    last = now;
    if (quiet > 1200) throw new Error(`Stuck at ${now} of ${goal} for a minute.`);
  }
}
