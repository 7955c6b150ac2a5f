import { z } from 'zod';
import { addLine, changeLine, linesOf, removeLine } from '#db/deal-lines.ts';
import { Deal } from '#domain/deal.ts';
import { DealLine, DealLineChange, DealSum, NewDealLine } from '#domain/deal-line.ts';
import { route } from './route.ts';

const OneDeal = z.object({ id: z.uuid() });
const OneLine = OneDeal.extend({ lineId: z.uuid() });
const Lines = z.object({ deal: Deal, items: z.array(DealLine), sum: DealSum });

export const dealLineRoutes = [
  route('get', '/deals/:id/lines', {
    summary: 'List what a deal sells, with margins and what it comes to',
    needs: 'deals:read',
    params: OneDeal,
    reply: Lines,
    run: ({ params }, scope) => linesOf(scope, params.id),
  }),

  route('post', '/deals/:id/lines', {
    summary: 'Add a line at the price of its product now',
    needs: 'deals:write',
    params: OneDeal,
    body: NewDealLine,
    reply: Lines,
    status: () => 201,
    run: ({ params, body }, scope) => addLine(scope, params.id, body),
  }),

  route('patch', '/deals/:id/lines/:lineId', {
    summary: 'Change a line; the amount of the deal follows at once',
    needs: 'deals:write',
    params: OneLine,
    body: DealLineChange,
    reply: Lines,
    run: ({ params: { id, lineId }, body }, scope) =>
      changeLine(scope, { dealId: id, lineId }, body),
  }),

  route('delete', '/deals/:id/lines/:lineId', {
    summary: 'Remove a line',
    needs: 'deals:write',
    params: OneLine,
    reply: Lines,
    run: ({ params: { id, lineId } }, scope) => removeLine(scope, { dealId: id, lineId }),
  }),
];
