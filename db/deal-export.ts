import type { Kysely } from 'kysely';
import type { Deal } from '#domain/deal.ts';
import { exportColumns, type DealExport } from '#domain/deal-export.ts';
import { listDeals } from './deal-list.ts';
import { listStages } from './pipelines.ts';
import type { DB } from './schema.ts';
import { inWorkspace } from './scope.ts';

const AT_ONCE = 1000;

/** The cells of all deals that an export is to hold, a page of them at a time, each page in a transaction of its own. */
export async function* exportedDeals(
  db: Kysely<DB>,
  who: { workspaceId: string; actor: string },
  wish: Omit<DealExport, 'format'>,
  now: string,
): AsyncGenerator<(string | number | null)[][]> {
  for (let cursor: string | null = ''; cursor !== null;) {
    const at: string = cursor;
    const page = await inWorkspace(db, who, async (scope) => {
      const filter = { ...wish, sort: 'newest' as const, limit: AT_ONCE, offset: 0 };
      const { items, next } = await listDeals(scope, { ...filter, ...(at && { cursor: at }) }, now);
      const stages = await listStages(scope, { archived: true });
      const members = await scope.db.selectFrom('members').select(['userId', 'name']).execute();
      const named = {
        stage: (id: string) => stages.find((stage) => stage.id === id)?.name ?? '',
        member: (id: string | null) => members.find(({ userId }) => userId === id)?.name ?? id,
      };
      return {
        rows: items.map((deal: Deal) => exportColumns.map(([, cell]) => cell(deal, named))),
        next,
      };
    });
    yield page.rows;
    cursor = page.next;
  }
}
