import { z } from 'zod';
import { keepPageEvent } from '#db/page-events.ts';
import { PageEvent } from '#domain/page-event.ts';
import { Refusal } from '#domain/refusal.ts';
import { route } from './route.ts';

/** Events that one caller may send in a minute, from one process. */
const MOST = 60;
const MINUTE = 60_000;

export const trackRoutes = [
  route('post', '/analytics/track', {
    summary: 'Note what was done in a page; data of a person is refused',
    needs: 'leads:read',
    body: PageEvent,
    reply: z.object({ accepted: z.literal(true) }),
    status: () => 202,
    run: async ({ body }, scope, { now }) => {
      refuseFlood(`${scope.workspaceId} ${scope.actor}`, Date.parse(now()));
      await keepPageEvent(scope, body);
      return { accepted: true as const };
    },
  }),
];

const sent = new Map<string, { since: number; count: number }>();

function refuseFlood(caller: string, now: number): void {
  const known = sent.get(caller);
  const current = known && now - known.since < MINUTE ? known : { since: now, count: 0 };
  current.count += 1;
  if (sent.size > 10_000) sent.clear();
  sent.set(caller, current);
  if (current.count > MOST) {
    throw new Refusal('too-many', `No more than ${MOST} events a minute.`);
  }
}
