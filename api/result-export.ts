import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router } from 'express';
import { z } from 'zod';
import { columnsOfReview, type ExportedDeal, exportedReview } from '#db/result-export.ts';
import { resultsOf } from '#db/results.ts';
import { inWorkspace } from '#db/scope.ts';
import { getWorkspace } from '#db/workspaces.ts';
import { majorOf } from '#domain/money.ts';
import { Refusal } from '#domain/refusal.ts';
import { dealSorts, ResultFilter, type Results } from '#domain/result.ts';
import { figuresOf, tablesOf } from '#domain/result-tables.ts';
import { exportOf } from '#integrations/files/export.ts';
import { pdfOf } from '#integrations/files/report-pdf.ts';
import { type Cell, workbookOfSheets } from '#integrations/files/xlsx-write.ts';
import { formula } from '#rules/health.ts';
import type { Deps } from './deps.ts';
import { identify } from './identify.ts';
import { refuseOddities } from './limits.ts';
import { dealColumns, findingColumns, namesIn, rowsOf } from './result-columns.ts';
import { reportedDeals, reportOf, type Where } from './result-report.ts';

const Wish = ResultFilter.extend({ sort: z.enum(dealSorts).default('worst') });
const formats = ['csv', 'xlsx', 'json', 'pdf'] as const;

/** An analysis as a file, or as much of it as its page shows: it is written while it is read. */
export function resultExportRouter(deps: Pick<Deps, 'db' | 'auth' | 'now'>): Router {
  const router = Router();
  for (const format of formats) {
    router.get(`/api/analyze/:id/export.${format}`, async (request, response) => {
      const caller = await identify(deps, request, 'analyses:read');
      refuseOddities(request.query);
      const id = idFrom(request.params.id);
      const { sort, ...filter } = Wish.parse(request.query);
      const all = await inWorkspace(deps.db, caller, async (scope) => ({
        results: { ...(await resultsOf(scope, id)), formula },
        known: await columnsOfReview(scope, id),
        where: (await getWorkspace(scope)) as Where,
      }));
      const now = deps.now();
      function pages(more: Partial<ResultFilter>, atOnce: number) {
        const wanted = { filter: { ...filter, ...more }, sort, now, atOnce };
        return exportedReview(deps.db, caller, id, wanted);
      }
      const narrowed = Object.keys(filter).length > 0;
      response.attachment(nameOf(all.results, format)).type(format);
      const file = writers[format]({ ...all, narrowed, pages });
      await pipeline(Readable.from(file, { objectMode: false }), response);
    });
  }
  return router;
}

function idFrom(text: string | undefined): string {
  const id = z.uuid().safeParse(text).data;
  if (!id) throw new Refusal('not-found', 'There is no such analysis.');
  return id;
}

interface Given {
  results: Results;
  known: { facts: string[]; custom: string[] };
  where: Where;
  narrowed: boolean;
  pages(more: Partial<ResultFilter>, atOnce: number): AsyncGenerator<ExportedDeal[]>;
}

const AT_ONCE = 500;

const writers: Record<
  (typeof formats)[number],
  (given: Given) => AsyncIterable<string | Uint8Array>
> = {
  csv({ known, where, pages }) {
    const columns = dealColumns({ ...known, major: (cents) => majorOf(cents, where.currency) });
    const rows = rowsOf(columns, pages({}, AT_ONCE));
    return exportOf('csv', { title: 'Deals', names: namesIn(columns), pages: rows });
  },
  xlsx({ results, known, where, pages }) {
    const columns = dealColumns({ ...known, major: (cents) => majorOf(cents, where.currency) });
    const found = findingsIn(pages({ clean: false }, AT_ONCE));
    return workbookOfSheets([
      { title: 'Summary', names: ['Analysis', results.analysis.name], pages: summaryRows(results) },
      {
        ...{ title: 'Deals', names: namesIn(columns) },
        pages: rowsOf(columns, pages({}, AT_ONCE)),
      },
      { title: 'Findings', names: namesIn(findingColumns), pages: rowsOf(findingColumns, found) },
    ]);
  },
  json: ({ results, pages }) => asJson(results, pages({}, AT_ONCE)),
  // Few at once: a page of them is laid out in one go, while others wait for an answer.
  pdf: ({ results, where, narrowed, pages }) =>
    pdfOf(
      reportOf(results, where, narrowed),
      reportedDeals(pages(narrowed ? {} : { clean: false }, 50), where),
    ),
};

async function* findingsIn(pages: AsyncIterable<ExportedDeal[]>) {
  for await (const page of pages) {
    yield page.flatMap((deal) => deal.findings.map((finding) => ({ deal, finding })));
  }
}

async function* summaryRows(results: Results): AsyncGenerator<Cell[][]> {
  yield await Promise.resolve([
    ['Health', results.health],
    ['Formula', results.formula],
    ...figuresOf(results),
    ...tablesOf(results).flatMap(({ title, names, rows }): Cell[][] =>
      rows.length > 0 ? [[], [title], names, ...rows] : [],
    ),
  ]);
}

async function* asJson(
  results: Results,
  pages: AsyncIterable<ExportedDeal[]>,
): AsyncGenerator<string> {
  yield `${JSON.stringify(results).slice(0, -1)},"deals":[`;
  let before = '\n';
  for await (const page of pages) {
    yield before + page.map((deal) => JSON.stringify(deal)).join(',\n');
    before = ',\n';
  }
  yield '\n]}\n';
}

function nameOf({ analysis }: Results, format: string): string {
  const day = (analysis.finishedAt ?? '').slice(0, 10);
  const words = analysis.name.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '');
  return `${[words || 'analysis', day].filter(Boolean).join('-')}.${format}`;
}
