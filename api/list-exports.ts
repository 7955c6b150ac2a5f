import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router } from 'express';
import { z } from 'zod';
import { companySorts } from '#db/company-list.ts';
import { contactSorts } from '#db/contact-list.ts';
import { leadSorts, leadViews } from '#db/lead-page.ts';
import { exportedLists, type ExportedList, exportedRows, exportNames } from '#db/list-exports.ts';
import { exportFormats, exportOf } from '#integrations/files/export.ts';
import type { Deps } from './deps.ts';
import { identify } from './identify.ts';
import { refuseOddities } from './limits.ts';

const text = z.string().max(200).optional();
const Wish = z.object({
  format: z.enum(exportFormats).default('csv'),
  ...{ q: text, owner: text, tag: text },
});

/** What each list can be narrowed to, as it stands in its address. */
const wishes = {
  leads: Wish.extend({
    ...{ status: text, source: text, stale: z.stringbool().optional() },
    ...{ view: z.enum(leadViews).optional(), sort: z.enum(leadSorts).optional() },
  }),
  companies: Wish.extend({
    ...{ industry: text, status: text, sort: z.enum(companySorts).optional() },
  }),
  contacts: Wish.extend({ company: z.uuid().optional(), sort: z.enum(contactSorts).optional() }),
} satisfies Record<ExportedList, z.ZodType>;

/** All that a list shows, not only a page of it, as a file that is written while it is read. */
export function listExportRouter(deps: Pick<Deps, 'db' | 'auth'>): Router {
  const router = Router();
  for (const list of exportedLists) {
    router.get(`/api/${list}/export`, async (request, response) => {
      const caller = await identify(deps, request, 'leads:read');
      refuseOddities(request.query);
      const { format, ...wish } = wishes[list].parse(request.query);
      const pages = await begun(exportedRows(deps.db, caller, list, wish));
      const title = `${list[0]!.toUpperCase()}${list.slice(1)}`;
      response.attachment(`${list}.${format}`).type(format);
      const file = exportOf(format, { title, names: exportNames(list), pages });
      await pipeline(Readable.from(file, { objectMode: false }), response);
    });
  }
  return router;
}

/** The first page is read before anything is said, so that what cannot be read is refused in words. */
async function begun<T>(pages: AsyncGenerator<T>): Promise<AsyncGenerator<T>> {
  const first = await pages.next();
  return (async function* () {
    if (!first.done) yield first.value;
    yield* pages;
  })();
}
