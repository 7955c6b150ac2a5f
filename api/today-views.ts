import { doneOf, snoozedOf } from '#db/today-views.ts';
import { pageOf } from '#domain/page.ts';
import { TodayItem } from '#domain/task.ts';
import { route } from './route.ts';

export const todayViewRoutes = [
  route('get', '/today/snoozed', {
    summary: 'What I put off in Today, the soonest to come back first',
    needs: 'leads:read',
    reply: pageOf(TodayItem),
    run: async (_given, scope) => ({ items: await snoozedOf(scope), next: null }),
  }),

  route('get', '/today/done', {
    summary: 'What I ticked off in Today since midnight, the latest first',
    needs: 'leads:read',
    reply: pageOf(TodayItem),
    run: async (_given, scope) => ({ items: await doneOf(scope), next: null }),
  }),
];
