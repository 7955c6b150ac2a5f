import { sql } from 'kysely';
import type { Deal } from '#domain/deal.ts';
import type { Scope } from './scope.ts';

const plain = [
  ...(['id', 'pipelineId', 'stageId', 'status', 'name', 'companyId', 'contactId'] as const),
  ...(['leadId', 'ownerId', 'source', 'externalId', 'campaign', 'location'] as const),
  ...(['amountCents', 'lineCount', 'probability', 'expectedCloseOn', 'nextAction'] as const),
  ...(['nextActionAt', 'competitor', 'lostReason', 'lostNote', 'wonAt', 'lostAt'] as const),
  ...(['stageEnteredAt', 'lastActivityAt', 'closePushes', 'riskScore', 'riskBand'] as const),
  ...(['healthScore', 'assessedAt', 'leftOutBecause', 'isDemo', 'archivedAt'] as const),
  ...(['createdAt', 'updatedAt'] as const),
] as const satisfies (keyof Deal)[];

/** What every list, page and reply says of a deal `d` with its company `co` and its contact `c`. */
export const dealColumns = plain.map((column) => `d.${column}` as const);

export const nameOfCompany = sql<string | null>`coalesce(co.name, co.domain)`;
export const nameOfContact = sql<
  string | null
>`nullif(concat_ws(' ', c.first_name, c.last_name), '')`;
export const weighted = sql<number | null>`(d.amount_cents * d.probability + 50) / 100`;
export const tagsOfDeal = sql<string[]>`array(
  select t.slug from record_tags t where t.record = 'deal' and t.record_id = d.id order by t.applied_at, t.slug)`;

/** Deals with the names that they are shown with. */
export function shownDeals({ db }: Scope) {
  return db
    .selectFrom('deals as d')
    .leftJoin('companies as co', 'co.id', 'd.companyId')
    .leftJoin('contacts as c', 'c.id', 'd.contactId')
    .select(dealColumns)
    .select([
      nameOfCompany.as('companyName'),
      nameOfContact.as('contactName'),
      weighted.as('weightedCents'),
      tagsOfDeal.as('tags'),
    ]);
}
