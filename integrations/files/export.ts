import { exportedLine } from './cell.ts';
import { type Cell, workbookOf } from './xlsx-write.ts';

export const exportFormats = ['csv', 'json', 'xlsx'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** A file of rows as it is written, a page at a time: `names` stand above the cells. No cell of it runs. */
export function exportOf(
  format: ExportFormat,
  { title, names, pages }: { title: string; names: string[]; pages: AsyncIterable<Cell[][]> },
): AsyncIterable<string | Buffer> {
  if (format === 'xlsx') return workbookOf(title, names, pages);
  return format === 'csv' ? asCsv(names, pages) : asJson(names, pages);
}

async function* asCsv(names: string[], pages: AsyncIterable<Cell[][]>): AsyncGenerator<string> {
  yield exportedLine(names);
  for await (const rows of pages) {
    yield rows.map((row) => exportedLine(row.map((cell) => String(cell ?? '')))).join('');
  }
}

async function* asJson(names: string[], pages: AsyncIterable<Cell[][]>): AsyncGenerator<string> {
  let before = '[';
  for await (const rows of pages) {
    for (const row of rows) {
      const item = Object.fromEntries(names.map((name, at) => [name, row[at] ?? null]));
      yield `${before}\n${JSON.stringify(item)}`;
      before = ',';
    }
  }
  yield before === '[' ? '[]\n' : '\n]\n';
}
