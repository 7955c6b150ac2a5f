import { dealFacts, type DealFacts } from '#db/deal-facts.ts';
import type { Scope } from '#db/scope.ts';
import { stageOf } from './risks.ts';

/** When all of this is asked. */
export const now = '2026-03-18T09:00:00.000Z';

/** All that is known of a deal. */
export async function factsOf(scope: Scope, dealId: string, at = now): Promise<DealFacts['facts']> {
  const { deals } = await dealFacts(scope, { now: at, dealIds: [dealId] });
  return deals[0]!.facts;
}

/** Rows of a table, as JSON gives them. */
export async function put(scope: Scope, table: string, ...rows: object[]): Promise<string> {
  const all = rows.map((row) => ({ workspaceId: scope.workspaceId, ...row }));
  const [first] = await scope.db
    .insertInto(table as 'contacts')
    .values(all as never)
    .returning('id')
    .execute();
  return first!.id;
}

/** A colleague. */
export function member(scope: Scope, userId: string, role = 'rep') {
  const { workspaceId } = scope;
  const row = {
    workspaceId,
    userId,
    name: `Name of ${userId}`,
    email: `${userId}@a.example`,
    role,
  };
  return scope.db.insertInto('members').values(row).execute();
}

/** A move of a deal from one stage to another. */
export async function moved(scope: Scope, dealId: string, at: string, from: string, to: string) {
  const [before, after] = [await stageOf(scope, from), await stageOf(scope, to)];
  await event(scope, dealId, {
    ...{ kind: 'stage_changed', at },
    ...{ before: { stageId: before.id }, after: { stageId: after.id } },
  });
}

/** A line of a deal’s history. */
export async function event(
  scope: Scope,
  dealId: string,
  { before = {}, after = {}, ...rest }: Event,
) {
  const row = { workspaceId: scope.workspaceId, dealId, actor: 'rep', ...rest };
  const sides = { before: JSON.stringify(before), after: JSON.stringify(after) };
  await scope.db
    .insertInto('dealEvents')
    .values({ ...row, ...sides })
    .execute();
}

interface Event {
  kind: string;
  at: string;
  actor?: string;
  before?: object;
  after?: object;
}

/** Something that people did. */
export async function activity(
  scope: Scope,
  values: { at: string; kind: string; [column: string]: unknown },
) {
  const row = { workspaceId: scope.workspaceId, title: 'x', actor: 'rep', ...values };
  const data = JSON.stringify(values['data'] ?? {});
  await scope.db
    .insertInto('activities')
    .values({ ...row, data } as never)
    .execute();
}
