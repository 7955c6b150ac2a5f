import { sql } from 'kysely';
import { type DealEvent, type DealEventKind, nextInstant, noteEvents } from './deal-story.ts';
import type { RowChange } from './row-changes.ts';
import type { Scope } from './scope.ts';

/** Writes down that deals are what they were: what is taken back is one more change, at an instant of its own. */
export async function noteUndone(scope: Scope, ids: string[], changes: RowChange[]): Promise<void> {
  if (ids.length === 0) return;
  const deals = await scope.db
    .updateTable('deals')
    .set({ updatedAt: nextInstant })
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .returningAll()
    .execute();
  const byId = new Map(changes.map((change) => [change.id, change]));
  const events = deals.flatMap((deal) => {
    const change = byId.get(deal.id);
    if (!change) return [];
    // Backwards: what it had become is what it was before this.
    const [before, after] = [told(change.after), told(change.before)];
    return kindsOf(change).map((kind): DealEvent => ({ deal, kind, before, after }));
  });
  await noteEvents(scope, events);
}

function kindsOf({ before }: RowChange): DealEventKind[] {
  const kinds: DealEventKind[] = [];
  if ('deleted_at' in before) kinds.push('restored');
  if ('stage_id' in before) kinds.push('stage_changed');
  const { status } = before;
  if (status === 'won' || status === 'lost') kinds.push(status);
  if (status === 'open') kinds.push('reopened');
  return kinds.length > 0 ? kinds : ['changed'];
}

const untold = new Set(['updated_at', 'last_activity_at', 'search', 'stage_entered_at']);

function told(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([column]) => !untold.has(column))
      .map(([column, value]) => [camel(column), value]),
  );
}

function camel(column: string): string {
  return column.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
