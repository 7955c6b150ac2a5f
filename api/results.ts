import { z } from 'zod';
import { sendLists } from '#db/finding-letters.ts';
import { compareResults } from '#db/result-compare.ts';
import { listReviewed } from '#db/result-deals.ts';
import { resultsOf } from '#db/results.ts';
import { Comparison, dealSorts, ResultFilter, Results, ReviewedDeal } from '#domain/result.ts';
import { formula } from '#rules/health.ts';
import { route } from './route.ts';

const OneAnalysis = z.object({ id: z.uuid() });

export const resultRoutes = [
  route('get', '/analyze/:id/results', {
    summary:
      'What an analysis found, in numbers: health, rules, stages, owners, and the trend of its series',
    needs: 'analyses:read',
    params: OneAnalysis,
    reply: Results,
    run: async ({ params }, scope) => ({
      ...(await resultsOf(scope, params.id)),
      formula,
    }),
  }),

  route('get', '/analyze/:id/deals', {
    summary: 'The deals of an analysis, each with what was found on it and how it is put right',
    needs: 'analyses:read',
    params: OneAnalysis,
    query: ResultFilter.extend({
      sort: z.enum(dealSorts).default('worst'),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      after: z.string().max(1000).optional(),
    }),
    reply: z.object({
      deals: z.array(ReviewedDeal),
      total: z.int(),
      findings: z.int(),
      next: z.string().nullable(),
    }),
    run: ({ params, query: { sort, limit, after, ...filter } }, scope, { now }) =>
      listReviewed(scope, params.id, { filter, sort, limit, after }, now()),
  }),

  route('get', '/analyze/:id/compare', {
    summary: 'What is new, fixed and still there since the analysis before, or since another',
    needs: 'analyses:read',
    params: OneAnalysis,
    query: z.object({ with: z.uuid().optional() }),
    reply: Comparison,
    run: ({ params, query }, scope) => compareResults(scope, params.id, query.with),
  }),

  route('post', '/analyze/:id/send', {
    summary: 'Send each owner the list of what was found on their own deals, once, by mail',
    needs: 'analyses:write',
    params: OneAnalysis,
    body: z.object({ owners: z.array(z.string().max(100)).max(500).optional() }),
    reply: z.object({
      sent: z.int(),
      left: z.array(z.object({ ownerId: z.string(), because: z.string() })),
    }),
    status: () => 202,
    run: ({ params, body }, scope) => sendLists(scope, params.id, body.owners),
  }),
];
