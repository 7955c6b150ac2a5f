import { sql } from 'kysely';
import { MOST_CENTS } from '#domain/deal-change.ts';
import { Refusal } from '#domain/refusal.ts';
import { afterDeals } from './deal-follow.ts';
import { type DealRow, nextInstant, noteActivities, noteEvents } from './deal-story.ts';
import type { Scope } from './scope.ts';

interface LineEvent {
  kind: 'line_added' | 'line_changed' | 'line_removed';
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
}

/**
 * Makes the amount of a locked deal the sum of its lines, in the transaction that changed a line, and tells it. Without
 * a line it is again what was typed.
 */
export async function settleAmount(
  scope: Scope,
  before: DealRow,
  { kind, before: old, after: fresh }: LineEvent,
): Promise<void> {
  const { db } = scope;
  const { rows } = await sql<{ count: number; fits: boolean }>`
    select count(*) as count, coalesce(sum(total_cents), 0) <= ${MOST_CENTS} as fits
    from deal_lines where deal_id = ${before.id}`.execute(db);
  const { count, fits } = rows[0]!;
  if (!fits) throw new Refusal('invalid', 'This comes to more than a deal can be worth.');
  const deal = await db
    .updateTable('deals')
    .set({
      lineCount: count,
      amountCents:
        count === 0
          ? sql<number>`typed_cents`
          : sql<number>`(select sum(total_cents) from deal_lines where deal_id = ${before.id})`,
      ...{ updatedAt: nextInstant, lastActivityAt: nextInstant },
    })
    .where('id', '=', before.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  const { amountCents } = before;
  await noteEvents(scope, [
    {
      ...{ deal, kind },
      before: { amountCents, ...(old && { line: old }) },
      after: { amountCents: deal.amountCents, ...(fresh && { line: fresh }) },
    },
  ]);
  const what = { line_added: 'added', line_changed: 'changed', line_removed: 'removed' }[kind];
  const title = `${deal.name}: ${String((fresh ?? old)!['name'])} ${what}`;
  const data = { amountCents: deal.amountCents, before: amountCents };
  await noteActivities(scope, [{ deal, kind: 'deal_changed', title, data }]);
  await afterDeals(scope, [deal.id], 'its lines changed');
}
