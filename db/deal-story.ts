import { type Selectable, sql } from 'kysely';
import type { Deal } from '#domain/deal.ts';
import { changed } from './changes.ts';
import { insertRows } from './rows.ts';
import type { Deals } from './schema.ts';
import type { Scope } from './scope.ts';

export type DealRow = Selectable<Deals>;

/** A deal as far as its history needs to know it. */
export type Told = Pick<
  Deal,
  'id' | 'name' | 'companyId' | 'contactId' | 'leadId' | 'ownerId' | 'updatedAt'
>;

export type DealEventKind =
  | ('created' | 'stage_changed' | 'changed' | 'won' | 'lost' | 'reopened' | 'archived')
  | ('line_added' | 'line_changed' | 'line_removed' | 'deleted' | 'restored');

export interface DealEvent {
  deal: Told;
  kind: DealEventKind;
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
}

/** Writes what became of deals, once and for good, at the instant that they bear. */
export async function noteEvents(scope: Scope, events: DealEvent[]): Promise<void> {
  const { workspaceId, actor } = scope;
  const rows = events.map(({ deal, kind, before = {}, after = {} }) => ({
    ...{ workspaceId, actor, dealId: deal.id, kind, at: deal.updatedAt },
    ...{ before, after },
  }));
  await insertRows(scope, 'dealEvents', rows as never, ['id']);
}

/** A line in the history of a deal and of everybody it concerns. */
export async function noteActivities(
  scope: Scope,
  lines: { deal: Told; kind: string; title: string; body?: string | null; data?: object }[],
): Promise<void> {
  const { workspaceId, actor } = scope;
  const rows = lines.map(({ deal, body = null, data = {}, ...line }) => ({
    ...{ workspaceId, actor, dealId: deal.id, leadId: deal.leadId },
    ...{ companyId: deal.companyId, contactId: deal.contactId, body, data, ...line },
  }));
  await insertRows(scope, 'activities', rows as never, ['id']);
  changed(scope, 'deals', 'activities');
}

/** The next instant at which a deal is changed: later than any before it, though two who change it began at once. */
export const nextInstant = sql<string>`greatest(
  date_trunc('milliseconds', clock_timestamp()), updated_at + interval '1 millisecond')`;

/** A word to the owner of each deal, unless they did it themselves. */
export async function tellOwners(
  scope: Scope,
  told: { deal: Pick<Told, 'id' | 'name' | 'ownerId'>; what: string }[],
): Promise<void> {
  const { workspaceId, actor } = scope;
  const those = told.filter(({ deal }) => deal.ownerId && deal.ownerId !== actor);
  if (those.length === 0) return;
  const members = await scope.db.selectFrom('members').select(['userId', 'name']).execute();
  const names = new Map(members.map(({ userId, name }) => [userId, name]));
  const rows = those
    .filter(({ deal }) => names.has(deal.ownerId!))
    .map(({ deal, what }) => ({
      ...{ workspaceId, userId: deal.ownerId!, kind: 'deal', href: `/deals/${deal.id}` },
      title: `${names.get(actor) ?? 'Somebody'} ${what}`,
    }));
  await insertRows(scope, 'notifications', rows, ['id']);
  changed(scope, 'notifications');
}
