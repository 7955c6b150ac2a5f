import { z } from 'zod';
import type { Deal } from './deal.ts';
import { DealWish } from './deal-filter.ts';

export const exportFormats = ['csv', 'json', 'xlsx'] as const;

/** What an export is to hold: the filters of the list, as JSON says them. */
export const DealExport = DealWish.extend({
  format: z.enum(exportFormats).default('csv'),
  stale: z.boolean().optional(),
  archived: z.boolean().optional(),
});
export type DealExport = z.infer<typeof DealExport>;

type Cell = string | number | null;

interface Named {
  stage(id: string): string;
  member(id: string | null): string | null;
}

/** The columns of an export. Amounts are in major units of the workspace's currency. */
export const exportColumns: [string, (deal: Deal, named: Named) => Cell][] = [
  ['id', ({ id }) => id],
  ['name', ({ name }) => name],
  ['company', ({ companyName }) => companyName],
  ['contact', ({ contactName }) => contactName],
  ['status', ({ status }) => status],
  ['stage', ({ stageId }, { stage }) => stage(stageId)],
  ['amount', ({ amountCents }) => amountCents / 100],
  ['probability', ({ probability }) => probability],
  ['weighted', ({ weightedCents }) => (weightedCents === null ? null : weightedCents / 100)],
  ['expected_close', ({ expectedCloseOn }) => expectedCloseOn],
  ['owner', ({ ownerId }, { member }) => member(ownerId)],
  ['source', ({ source }) => source],
  ['external_id', ({ externalId }) => externalId],
  ['campaign', ({ campaign }) => campaign],
  ['location', ({ location }) => location],
  ['next_action', ({ nextAction }) => nextAction],
  ['next_action_at', ({ nextActionAt }) => nextActionAt],
  ['competitor', ({ competitor }) => competitor],
  ['risk', ({ riskBand }) => riskBand],
  ['health', ({ healthScore }) => healthScore],
  ['lost_reason', ({ lostReason }) => lostReason],
  ['lost_note', ({ lostNote }) => lostNote],
  ['won_at', ({ wonAt }) => wonAt],
  ['lost_at', ({ lostAt }) => lostAt],
  ['tags', ({ tags }) => tags.join(' ')],
  ['created_at', ({ createdAt }) => createdAt],
  ['updated_at', ({ updatedAt }) => updatedAt],
];
