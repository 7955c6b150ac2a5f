import { z } from 'zod';
import { boardColumn, boardOf } from '#db/deal-board.ts';
import { Deal } from '#domain/deal.ts';
import { Board } from '#domain/deal-board.ts';
import { DealWish } from '#domain/deal-filter.ts';
import { pageOf } from '#domain/page.ts';
import { route } from './route.ts';

export const dealBoardRoutes = [
  route('get', '/deals/board', {
    summary: 'Show a pipeline in columns with its sums and the riskiest deals of each',
    needs: 'deals:read',
    query: DealWish,
    reply: Board,
    run: ({ query }, scope, { now }) => boardOf(scope, query, now()),
  }),

  route('get', '/deals/board/:stageId', {
    summary: 'Show more of one column',
    needs: 'deals:read',
    params: z.object({ stageId: z.uuid() }),
    query: DealWish.extend({ cursor: z.string().max(500).optional() }),
    reply: pageOf(Deal),
    run: ({ params, query }, scope, { now }) => boardColumn(scope, params.stageId, query, now()),
  }),
];
