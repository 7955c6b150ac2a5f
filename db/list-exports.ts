import type { Kysely } from 'kysely';
import { companyColumns, contactColumns, leadColumns } from '#domain/list-export.ts';
import { type CompanyFilter, listCompanies } from './company-list.ts';
import { type ContactFilter, listContacts } from './contact-list.ts';
import { listLeads } from './lead-list.ts';
import type { LeadFilter } from './lead-page.ts';
import type { DB } from './schema.ts';
import { inWorkspace, type Scope } from './scope.ts';

export const exportedLists = ['leads', 'companies', 'contacts'] as const;
export type ExportedList = (typeof exportedLists)[number];

type Cell = string | number | boolean | null;
type Filter = { limit: number; cursor?: string };

/** How a list is read, and what stands in the columns of its export. */
const lists = {
  leads: exported(leadColumns, (scope, filter) => listLeads(scope, filter as LeadFilter)),
  companies: exported(companyColumns, (scope, filter) =>
    listCompanies(scope, filter as CompanyFilter),
  ),
  contacts: exported(contactColumns, (scope, filter) =>
    listContacts(scope, filter as ContactFilter),
  ),
} satisfies Record<ExportedList, unknown>;

const AT_ONCE = 500;

export function exportNames(list: ExportedList): string[] {
  return lists[list].names;
}

/** The cells of everything that a list narrowed like this shows, a page at a time, each in a transaction of its own. */
export async function* exportedRows(
  db: Kysely<DB>,
  who: { workspaceId: string; actor: string },
  list: ExportedList,
  wish: object,
): AsyncGenerator<Cell[][]> {
  for (let cursor: string | null = ''; cursor !== null;) {
    const filter: Filter = { ...wish, limit: AT_ONCE, ...(cursor && { cursor }) };
    const page = await inWorkspace(db, who, (scope) => lists[list].page(scope, filter));
    yield page.rows;
    cursor = page.next;
  }
}

function exported<Row>(
  columns: Record<string, (row: Row) => Cell>,
  read: (scope: Scope, filter: Filter) => Promise<{ items: Row[]; next: string | null }>,
) {
  return {
    names: Object.keys(columns),
    async page(scope: Scope, filter: Filter): Promise<{ rows: Cell[][]; next: string | null }> {
      const { items, next } = await read(scope, filter);
      const cells = Object.values(columns);
      return { rows: items.map((row) => cells.map((cell) => cell(row))), next };
    },
  };
}
