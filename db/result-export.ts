import { type Kysely, sql } from 'kysely';
import type { DealSort, ResultFilter, ReviewedDeal } from '#domain/result.ts';
import { reviewedPage } from './result-deals.ts';
import { lookedAt } from './result-rules.ts';
import type { DB } from './schema.ts';
import { inWorkspace, type Scope } from './scope.ts';

/** A deal with all that was known of it. */
export interface ExportedDeal extends ReviewedDeal {
  facts: Record<string, unknown>;
  custom: Record<string, unknown>;
}

/** The names of all that is known of any deal of an analysis. */
export async function columnsOfReview(
  { db }: Scope,
  id: string,
): Promise<{ facts: string[]; custom: string[] }> {
  const { rows } = await sql<{ facts: string[] | null; custom: string[] | null }>`
    select
      (select array_agg(distinct key order by key) from analysis_deals, jsonb_object_keys(facts) key
        where analysis_id = ${id}) as facts,
      (select array_agg(distinct key order by key) from analysis_deals, jsonb_object_keys(custom) key
        where analysis_id = ${id}) as custom`.execute(db);
  return { facts: rows[0]?.facts ?? [], custom: rows[0]?.custom ?? [] };
}

/** The deals that are wanted of an analysis, a page at a time, each page in a transaction of its own. */
export async function* exportedReview(
  db: Kysely<DB>,
  who: { workspaceId: string; actor: string },
  id: string,
  asked: { filter: ResultFilter; sort: DealSort; now: string; atOnce: number },
): AsyncGenerator<ExportedDeal[]> {
  const { filter, sort, now, atOnce } = asked;
  for (let after: string | null = ''; after !== null;) {
    const at: string = after;
    const page = await inWorkspace(db, who, async (scope) => {
      const looked = await lookedAt(scope, id);
      const wanted = { filter, sort, limit: atOnce, ...(at && { after: at }) };
      const { deals, next } = await reviewedPage(scope, looked, wanted, now);
      return { deals: await withAllKnown(scope, id, deals), next };
    });
    if (page.deals.length > 0) yield page.deals;
    after = page.next;
  }
}

type Known = Pick<ExportedDeal, 'line' | 'facts' | 'custom'>;

async function withAllKnown(
  { db }: Scope,
  id: string,
  deals: ReviewedDeal[],
): Promise<ExportedDeal[]> {
  const lines = deals.map(({ line }) => line);
  const { rows } = await sql<Known>`
    select line, facts, custom from analysis_deals
    where analysis_id = ${id} and line = any(${lines}::int[])`.execute(db);
  const known = new Map(rows.map((row) => [row.line, row]));
  return deals.map((deal) => ({ ...deal, facts: {}, custom: {}, ...known.get(deal.line) }));
}
