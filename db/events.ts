import type { Scope } from './scope.ts';
import { insertRows } from './rows.ts';

/** Something that happened, by its ids and numbers: no names, no addresses. */
export interface Happening {
  kind: 'deal.created' | 'deal.stage_changed' | 'deal.closed_won' | 'deal.closed_lost';
  data: Record<string, string | number | null>;
}

/** Writes down what happened, in the transaction in which it did, for whoever reads it later. */
export async function record(scope: Scope, happenings: Happening[]): Promise<void> {
  const { workspaceId } = scope;
  const rows = happenings.map((one) => ({ workspaceId, ...one }));
  await insertRows(scope, 'events', rows, ['id']);
}
