import { z } from 'zod';
import { lossesOf } from '#db/deal-losses.ts';
import { listDeals } from '#db/deal-list.ts';
import { timelineOfDeal } from '#db/deal-timeline.ts';
import { salesPipeline } from '#db/sales-pipeline.ts';
import { Deal } from '#domain/deal.ts';
import { PipelineLine } from '#domain/deal-change.ts';
import { DealFilter } from '#domain/deal-filter.ts';
import { Loss } from '#domain/deal-loss.ts';
import { pageOf } from '#domain/page.ts';
import { Entry } from '#domain/timeline.ts';
import { route } from './route.ts';

const Instant = z.iso.datetime({ offset: true });

export const dealReportRoutes = [
  route('get', '/deals/search', {
    summary:
      'Find deals by name, company, contact or what they are called elsewhere; archived ones too',
    needs: 'deals:read',
    query: z.object({
      q: z.string().trim().min(1).max(200),
      limit: DealFilter.shape.limit,
      cursor: DealFilter.shape.cursor,
    }),
    reply: pageOf(Deal),
    run: ({ query }, scope, { now }) =>
      listDeals(scope, { ...query, sort: 'newest', offset: 0, archived: 'either' }, now()),
  }),

  route('get', '/deals/lost-reasons', {
    summary:
      'Say why deals were lost, with how many, what they were worth and the deals themselves',
    needs: 'deals:read',
    query: z.object({
      since: Instant.optional(),
      until: Instant.optional(),
      pipeline: z.uuid().optional(),
      owner: z.string().max(100).optional(),
    }),
    reply: pageOf(Loss),
    run: async ({ query }, scope) => ({ items: await lossesOf(scope, query), next: null }),
  }),

  route('get', '/deals/:id/timeline', {
    summary: 'Everything that happened to a deal, and the tasks that are open',
    needs: 'deals:read',
    params: z.object({ id: z.uuid() }),
    query: z.object({
      limit: z.coerce.number().int().min(1).max(200).default(100),
      cursor: z.string().max(200).optional(),
    }),
    reply: pageOf(Entry),
    run: ({ params, query }, scope) => timelineOfDeal(scope, params.id, query),
  }),

  route('get', '/sales/pipeline', {
    summary: 'List every active deal with its value, status, platform and company',
    needs: 'deals:read',
    query: z.object({
      limit: z.coerce.number().int().min(1).max(10_000).default(10_000),
      offset: z.coerce.number().int().min(0).max(100_000).default(0),
    }),
    reply: z.object({ items: z.array(PipelineLine), total: z.int() }),
    run: ({ query }, scope) => salesPipeline(scope, query),
  }),
];
