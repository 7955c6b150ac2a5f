import { sql, type Updateable } from 'kysely';
import type { DealChange } from '#domain/deal-change.ts';
import { Refusal } from '#domain/refusal.ts';
import { refuseOvertaken } from './deal-conflicts.ts';
import { afterDeals } from './deal-follow.ts';
import { refuseStrangers } from './deal-parties.ts';
import { type DealRow, nextInstant, noteActivities, noteEvents, tellOwners } from './deal-story.ts';
import { lockDeal } from './deals.ts';
import type { Deals } from './schema.ts';
import type { Scope } from './scope.ts';

type Values = Omit<DealChange, 'updatedAt'>;

/**
 * Changes a deal where it stands. What two people change at once is kept of both; the same field changed by both is
 * refused to the second, who is shown the two values.
 */
export async function changeDeal(scope: Scope, id: string, change: DealChange): Promise<void> {
  if (await writeChange(scope, id, change)) await afterDeals(scope, [id], 'it was changed');
}

/** The same without what follows from it, which the caller sees to; answers whether there was something to change. */
export async function writeChange(scope: Scope, id: string, change: DealChange): Promise<boolean> {
  const { updatedAt, ...wanted } = change;
  const before = await lockDeal(scope, id);
  const values = differing(before, wanted);
  await refuseOvertaken(scope, before, { since: updatedAt, values });
  if (Object.keys(values).length === 0) return false;
  refuseFixed(before, values);
  await refuseStrangers(scope, values);
  const after = await scope.db
    .updateTable('deals')
    .set({ ...values, ...derived(before, values) })
    .set({ updatedAt: nextInstant, lastActivityAt: nextInstant })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await tell(scope, before, after, values);
  return true;
}

/** Takes a deal out of every list; its history stays. */
export async function deleteDeal(scope: Scope, id: string): Promise<void> {
  await writeDeletion(scope, id);
  await afterDeals(scope, [id], 'it was deleted');
}

export async function writeDeletion(scope: Scope, id: string): Promise<void> {
  await lockDeal(scope, id);
  const deal = await scope.db
    .updateTable('deals')
    .set({ deletedAt: sql<string>`now()`, updatedAt: nextInstant })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  await noteEvents(scope, [{ deal, kind: 'deleted' }]);
  await noteActivities(scope, [{ deal, kind: 'deal_deleted', title: `Deal ${deal.name} deleted` }]);
}

/** What is not there already. */
function differing(before: DealRow, wanted: Values): Values {
  return Object.fromEntries(
    Object.entries(wanted).filter(([field, value]) => {
      if (value === undefined) return false;
      const here = before[field as keyof Values] ?? null;
      if (field === 'nextActionAt' && here && value) {
        return Date.parse(String(here)) !== Date.parse(String(value));
      }
      return here !== value;
    }),
  );
}

function refuseFixed(before: DealRow, values: Values): void {
  const faults = [];
  if (values.amountCents !== undefined && before.lineCount > 0) {
    faults.push({ field: 'amountCents', message: 'The amount is the sum of its lines.' });
  }
  if (values.probability !== undefined && before.status !== 'open') {
    faults.push({ field: 'probability', message: 'What is closed is certain.' });
  }
  if ((values.lostReason ?? values.lostNote) && before.status !== 'lost') {
    faults.push({ field: 'lostReason', message: 'This deal is not lost.' });
  }
  if (faults.length > 0) throw new Refusal('invalid', faults[0]!.message, faults);
}

function derived(before: DealRow, { amountCents, expectedCloseOn }: Values): Updateable<Deals> {
  const isPushed =
    expectedCloseOn && before.expectedCloseOn && expectedCloseOn > before.expectedCloseOn;
  return {
    ...(amountCents !== undefined && { typedCents: amountCents }),
    ...(isPushed && { closePushes: before.closePushes + 1 }),
  };
}

async function tell(scope: Scope, before: DealRow, deal: DealRow, values: Values): Promise<void> {
  const fields = Object.keys(values) as (keyof Values)[];
  await noteEvents(scope, [
    { deal, kind: 'changed', before: pick(before, fields), after: pick(deal, fields) },
  ]);
  const title = `${deal.name}: ${fields.map((field) => names[field]).join(', ')} changed`;
  await noteActivities(scope, [{ deal, kind: 'deal_changed', title, data: { fields } }]);
  if (values.ownerId) {
    await tellOwners(scope, [{ deal, what: `gave you the deal ${deal.name}` }]);
  }
}

function pick(row: DealRow, fields: (keyof Values)[]): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field, row[field] ?? null]));
}

const names: Record<keyof Values, string> = {
  ...{ name: 'name', companyId: 'company', contactId: 'contact', ownerId: 'owner' },
  ...{ campaign: 'campaign', location: 'location', amountCents: 'amount' },
  ...{ probability: 'probability', expectedCloseOn: 'close date', nextAction: 'next action' },
  ...{ nextActionAt: 'date of the next action', competitor: 'competitor', source: 'source' },
  ...{ externalId: 'id elsewhere', lostReason: 'lost reason', lostNote: 'note on the loss' },
};
