import { z } from 'zod';
import { changeDeal, deleteDeal } from '#db/deal-changes.ts';
import { listDeals } from '#db/deal-list.ts';
import { moveDeal } from '#db/deal-moves.ts';
import { createDeal, getDeal } from '#db/deals.ts';
import { Deal } from '#domain/deal.ts';
import { DealChange, DealInput, DealMove } from '#domain/deal-change.ts';
import { DealFilter } from '#domain/deal-filter.ts';
import { pageOf } from '#domain/page.ts';
import { route } from './route.ts';

const OneDeal = z.object({ id: z.uuid() });
const Shown = z.object({ deal: Deal });

export const dealRoutes = [
  route('post', '/deals', {
    summary: 'Make a deal',
    needs: 'deals:write',
    body: DealInput,
    reply: Shown,
    status: () => 201,
    run: async ({ body }, scope) => ({ deal: await createDeal(scope, body) }),
  }),

  route('get', '/deals', {
    summary: 'List deals',
    needs: 'deals:read',
    query: DealFilter,
    reply: pageOf(Deal),
    run: ({ query }, scope, { now }) => listDeals(scope, query, now()),
  }),

  route('get', '/deals/:id', {
    summary: 'Show a deal',
    needs: 'deals:read',
    params: OneDeal,
    reply: Shown,
    run: async ({ params }, scope) => ({ deal: await getDeal(scope, params.id) }),
  }),

  route('patch', '/deals/:id', {
    summary: 'Change a deal where it stands; what somebody else has changed meanwhile is refused',
    needs: 'deals:write',
    params: OneDeal,
    body: DealChange,
    reply: Shown,
    run: async ({ params, body }, scope) => {
      await changeDeal(scope, params.id, body);
      return { deal: await getDeal(scope, params.id) };
    },
  }),

  route('post', '/deals/:id/stage', {
    summary: 'Move a deal to another stage, with what that stage asks for',
    needs: 'deals:write',
    params: OneDeal,
    body: DealMove,
    reply: Shown,
    run: async ({ params, body }, scope) => ({ deal: await moveDeal(scope, params.id, body) }),
  }),

  route('delete', '/deals/:id', {
    summary: 'Delete a deal; its history stays',
    needs: 'deals:write',
    params: OneDeal,
    reply: z.object({ id: z.uuid() }),
    run: async ({ params }, scope) => {
      await deleteDeal(scope, params.id);
      return params;
    },
  }),
];
