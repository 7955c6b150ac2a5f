import { z } from 'zod';
import { doToDeals } from '#db/deal-bulk.ts';
import { tagDeals, untagDeals } from '#db/deal-tags.ts';
import { getDeal } from '#db/deals.ts';
import { Deal } from '#domain/deal.ts';
import { BulkOutcome, DealBulk } from '#domain/deal-bulk.ts';
import { route } from './route.ts';

const OneDeal = z.object({ id: z.uuid() });
const Shown = z.object({ deal: Deal });

export const dealBulkRoutes = [
  route('post', '/deals/bulk', {
    summary: 'Do one thing to many deals, and say to which not and why',
    needs: 'deals:write',
    body: z.intersection(z.object({ ids: z.array(z.uuid()).min(1).max(500) }), DealBulk),
    reply: BulkOutcome,
    run: ({ body: { ids, ...doing } }, scope) => doToDeals(scope, ids, doing as DealBulk),
  }),

  route('post', '/deals/:id/tags', {
    summary: 'Put a tag on a deal',
    needs: 'deals:write',
    params: OneDeal,
    body: z.object({ slug: z.string().min(1).max(100) }),
    reply: Shown,
    run: async ({ params, body }, scope) => {
      await getDeal(scope, params.id);
      await tagDeals(scope, [params.id], body.slug);
      return { deal: await getDeal(scope, params.id) };
    },
  }),

  route('delete', '/deals/:id/tags/:slug', {
    summary: 'Take a tag off a deal',
    needs: 'deals:write',
    params: OneDeal.extend({ slug: z.string() }),
    reply: Shown,
    run: async ({ params }, scope) => {
      await getDeal(scope, params.id);
      await untagDeals(scope, [params.id], params.slug);
      return { deal: await getDeal(scope, params.id) };
    },
  }),
];
