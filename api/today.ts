import { z } from 'zod';
import { settleToday, snoozeToday, todayOf } from '#db/today.ts';
import { Today } from '#domain/task.ts';
import { route } from './route.ts';

const OneItem = z.object({ id: z.string().max(100) });

export const todayRoutes = [
  route('get', '/today', {
    summary: 'What needs me, why, and what is promised for the next fourteen days',
    needs: 'leads:read',
    reply: Today,
    run: (_given, scope) => todayOf(scope),
  }),

  route('post', '/today/:id/done', {
    summary: 'Tick off what stands in Today',
    needs: 'leads:write',
    params: OneItem,
    reply: Today,
    run: async ({ params }, scope) => {
      await settleToday(scope, params.id);
      return todayOf(scope);
    },
  }),

  route('post', '/today/:id/snooze', {
    summary: 'Put off what stands in Today, until tomorrow unless it says otherwise',
    needs: 'leads:write',
    params: OneItem,
    body: z.object({ until: z.iso.datetime({ offset: true }).optional() }).default({}),
    reply: Today,
    run: async ({ params, body }, scope) => {
      const tomorrow = new Date(Date.now() + 24 * 60 * 60 * 1000).toISOString();
      await snoozeToday(scope, params.id, body.until ?? tomorrow);
      return todayOf(scope);
    },
  }),
];
