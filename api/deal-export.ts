import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Request, type Response, Router } from 'express';
import { exportedDeals } from '#db/deal-export.ts';
import { DealExport, exportColumns } from '#domain/deal-export.ts';
import { exportOf } from '#integrations/files/export.ts';
import type { Deps } from './deps.ts';
import { identify } from './identify.ts';
import { jsonBody } from './limits.ts';

const names = exportColumns.map(([name]) => name);

/** All the deals that a list would show, as a file. */
export function dealExportRouter(deps: Pick<Deps, 'db' | 'auth' | 'now'>): Router {
  const router = Router();
  router.post('/api/deals/export', jsonBody, async (request: Request, response: Response) => {
    const caller = await identify(deps, request, 'deals:read');
    const { format, ...wish } = DealExport.parse(request.body ?? {});
    const pages = exportedDeals(deps.db, caller, wish, deps.now());
    response.attachment(`deals.${format}`).type(format);
    await pipeline(Readable.from(exportOf(format, { title: 'Deals', names, pages })), response);
  });
  return router;
}
