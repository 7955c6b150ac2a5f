import { z } from 'zod';
import { cancelImport, getImport, listImports, startImport } from '#db/imports.ts';
import { listRows, mendRow } from '#db/import-rows.ts';
import type { Scope } from '#db/scope.ts';
import { Import, ImportOptions, ImportRow, Mapping, RowOutcome } from '#domain/import.ts';
import { pageOf } from '#domain/page.ts';
import { Refusal } from '#domain/refusal.ts';
import { faultsIn, leadOf } from '#rules/lead-row.ts';
import { route } from './route.ts';

const OneImport = z.object({ id: z.uuid() });
const OneRow = OneImport.extend({ line: z.coerce.number().int().min(1) });
const Page = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.uuid().optional(),
});
const RowPage = Page.extend({
  outcome: RowOutcome.optional(),
  cursor: z.coerce.number().int().min(1).optional(),
});
const Start = z.object({ mapping: Mapping.optional(), options: ImportOptions.optional() });
const Values = z.record(z.string(), z.string().max(20_000));

/** An import after its upload; the file itself comes through `uploadRouter`. */
export const importRoutes = [
  route('get', '/imports', {
    summary: 'List imports, newest first',
    needs: 'imports:write',
    query: Page,
    reply: pageOf(Import),
    run: ({ query }, scope) => listImports(scope, query),
  }),
  route('get', '/imports/:id', {
    summary: 'Show an import: its columns, its mapping and how far it is',
    needs: 'imports:write',
    params: OneImport,
    reply: Import,
    run: ({ params }, scope) => getImport(scope, params.id),
  }),
  route('post', '/imports/:id/start', {
    summary: 'Let an import run with a mapping of its columns',
    needs: 'imports:write',
    params: OneImport,
    body: Start,
    reply: Import,
    status: () => 202,
    run: ({ params, body }, scope) => begin(scope, params.id, body),
  }),
  route('post', '/imports/:id/cancel', {
    summary: 'Stop an import; what has come in stays',
    needs: 'imports:write',
    params: OneImport,
    reply: Import,
    run: async ({ params }, scope, { blobs }) => {
      const { found, unread } = await cancelImport(scope, params.id);
      // One that runs is let go by its workflow.
      if (unread) await blobs.remove(unread);
      return found;
    },
  }),
  route('get', '/imports/:id/rows', {
    summary: 'List what became of each line',
    needs: 'imports:write',
    params: OneImport,
    query: RowPage,
    reply: pageOf(ImportRow),
    run: ({ params, query }, scope) => rowsOf(scope, params.id, query),
  }),
  route('post', '/imports/:id/rows/:line', {
    summary: 'Put a rejected row right',
    needs: 'imports:write',
    params: OneRow,
    body: z.object({ values: Values }),
    reply: ImportRow,
    run: ({ params, body }, scope) => mend(scope, params, body.values),
  }),
];

/** Starts an import; what is left out is as it was proposed. Refuses a mapping that cannot work. */
export async function begin(
  scope: Scope,
  id: string,
  { mapping, options = {} }: z.output<typeof Start>,
): Promise<Import> {
  const found = await getImport(scope, id, true);
  const chosen = mapping ?? found.mapping;
  const faults = faultsIn(
    chosen,
    found.columns.map(({ name }) => name),
  );
  if (options.enrol && !options.sequenceId) {
    faults.push({
      field: 'options.sequenceId',
      message: 'Say which sequence the people shall enter.',
    });
  }
  if (faults.length > 0)
    throw new Refusal('invalid', 'The columns cannot be read like this.', faults);
  return startImport(scope, id, { mapping: chosen, options });
}

async function rowsOf(
  scope: Scope,
  id: string,
  { outcome, limit, cursor }: z.output<typeof RowPage>,
) {
  await getImport(scope, id);
  const after = cursor ?? 0;
  const rows = await listRows(scope, id, { outcome, limit: limit + 1, after });
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? String(items.at(-1)!.line) : null };
}

async function mend(
  scope: Scope,
  { id, line }: z.output<typeof OneRow>,
  values: Record<string, string>,
): Promise<ImportRow> {
  const { columns, mapping } = await getImport(scope, id);
  const names = columns.map(({ name }) => name);
  const cells = names.map((name) => (Object.hasOwn(values, name) ? values[name]! : ''));
  return mendRow(scope, id, { line, lead: leadOf(cells, names, mapping) });
}
