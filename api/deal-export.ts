import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { utils, write } from '@e965/xlsx';
import { type Request, type Response, Router } from 'express';
import { exportedDeals } from '#db/deal-export.ts';
import { DealExport, exportColumns } from '#domain/deal-export.ts';
import { exportedLine } from '#integrations/files/cell.ts';
import type { Deps } from './deps.ts';
import { identify } from './identify.ts';
import { jsonBody } from './limits.ts';

type Rows = AsyncIterable<(string | number | null)[][]>;

const names = exportColumns.map(([name]) => name);

/** All the deals that a list would show, as a file. */
export function dealExportRouter(deps: Pick<Deps, 'db' | 'auth' | 'now'>): Router {
  const router = Router();
  router.post('/api/deals/export', jsonBody, async (request: Request, response: Response) => {
    const caller = await identify(deps, request, 'deals:read');
    const wish = DealExport.parse(request.body ?? {});
    const rows = exportedDeals(deps.db, caller, wish, deps.now());
    response.attachment(`deals.${wish.format}`).type(wish.format);
    if (wish.format === 'xlsx') response.send(await asSheet(rows));
    else
      await pipeline(Readable.from(wish.format === 'csv' ? asCsv(rows) : asJson(rows)), response);
  });
  return router;
}

async function* asCsv(pages: Rows): AsyncGenerator<string> {
  yield exportedLine(names);
  for await (const rows of pages) {
    yield rows.map((row) => exportedLine(row.map((cell) => String(cell ?? '')))).join('');
  }
}

async function* asJson(pages: Rows): AsyncGenerator<string> {
  let before = '[';
  for await (const rows of pages) {
    for (const row of rows) {
      yield `${before}\n${JSON.stringify(Object.fromEntries(names.map((name, at) => [name, row[at]])))}`;
      before = ',';
    }
  }
  yield before === '[' ? '[]\n' : '\n]\n';
}

/** Text stays text: no cell of it is a formula. */
async function asSheet(pages: Rows): Promise<Buffer> {
  const sheet = utils.aoa_to_sheet([names]);
  for await (const rows of pages) utils.sheet_add_aoa(sheet, rows, { origin: -1 });
  const book = utils.book_new();
  utils.book_append_sheet(book, sheet, 'Deals');
  return write(book, { type: 'buffer', bookType: 'xlsx', compression: true }) as Buffer;
}
