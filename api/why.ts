import { z } from 'zod';
import { whyOf } from '#db/why.ts';
import { Why } from '#domain/why.ts';
import { route } from './route.ts';

export const whyRoutes = [
  route('get', '/leads/:id/why', {
    summary: 'Why a touch was sent or was not: what led to it and every check with its numbers',
    needs: 'touches:read',
    params: z.object({ id: z.uuid() }),
    query: z.object({ touch: z.uuid().optional() }),
    reply: Why,
    run: ({ params, query }, scope) => whyOf(scope, params.id, query.touch),
  }),
];
