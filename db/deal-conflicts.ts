import { sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import type { DealRow } from './deal-story.ts';
import type { Scope } from './scope.ts';

/** Refuses who would change what somebody else has changed since they looked: both values are shown. */
export async function refuseOvertaken(
  scope: Scope,
  deal: DealRow,
  { since, values }: { since: string | undefined; values: object },
): Promise<void> {
  if (!since || Date.parse(since) >= Date.parse(deal.updatedAt)) return;
  const fields = await changedSince(scope, deal.id, since);
  const faults = Object.entries(values)
    .filter(([field]) => fields.has(field))
    .map(([field, value]) => ({
      field,
      message: `It is ${shown(deal[field as keyof DealRow])} by now; you wanted ${shown(value)}.`,
    }));
  if (faults.length === 0) return;
  throw new Refusal('conflict', 'Somebody else has changed this deal meanwhile.', faults);
}

/** The names of what was changed of a deal later than an instant. */
async function changedSince({ db }: Scope, dealId: string, since: string): Promise<Set<string>> {
  const { rows } = await sql<{ field: string }>`
    select distinct jsonb_object_keys(after) as field from deal_events
    where deal_id = ${dealId} and at > ${since}::timestamptz`.execute(db);
  return new Set(rows.map(({ field }) => field));
}

export function shown(value: unknown): string {
  return value === null || value === undefined || value === '' ? 'empty' : `“${String(value)}”`;
}

/** The same for one line of a deal. */
export async function refuseOvertakenLine(
  { db }: Scope,
  deal: DealRow,
  given: { since: string | undefined; line: { id: string }; values: object },
): Promise<void> {
  const { since, line, values } = given;
  if (!since || Date.parse(since) >= Date.parse(deal.updatedAt)) return;
  const { rows } = await sql<{ field: string }>`
    select distinct jsonb_object_keys(after->'line') as field from deal_events
    where deal_id = ${deal.id} and at > ${since}::timestamptz and kind = 'line_changed'
      and after->'line'->>'id' = ${line.id}`.execute(db);
  const changed = new Set(rows.map(({ field }) => field));
  const now = line as unknown as Record<string, unknown>;
  const faults = Object.entries(values)
    .filter(([field]) => changed.has(field))
    .map(([field, value]) => ({
      field,
      message: `It is ${shown(now[field])} by now; you wanted ${shown(value)}.`,
    }));
  if (faults.length === 0) return;
  throw new Refusal('conflict', 'Somebody else has changed this line meanwhile.', faults);
}
