import { createHash, timingSafeEqual } from 'node:crypto';
import { type RequestHandler, Router } from 'express';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';
import { strikeNow } from './schedules.ts';

/**
 * POST /api/cron/<name>: strikes a clock of the house for a cron that lives elsewhere. GET does the same, for those
 * that can do nothing else.
 */
export function cronRouter({
  temporal,
  cronSecret,
}: Pick<Deps, 'temporal' | 'cronSecret'>): Router {
  const router = Router();
  const strike: RequestHandler<{ name: string }> = async (request, response) => {
    mayStrike(request.headers.authorization, cronSecret);
    const { name } = request.params;
    await strikeNow(temporal, name);
    response.status(202).set('Cache-Control', 'no-store').json({ name });
  };
  router.post('/api/cron/:name', strike);
  router.get('/api/cron/:name', strike);
  return router;
}

function mayStrike(authorization: string | undefined, secret: string | undefined): void {
  if (!secret)
    throw new Refusal('forbidden', 'No clock can be struck from outside until CRON_SECRET is set.');
  const [, given] = /^Bearer +(\S{1,500})$/i.exec(authorization ?? '') ?? [];
  if (!given || !timingSafeEqual(digestOf(given), digestOf(secret)))
    throw new Refusal('unauthenticated', 'This needs Authorization: Bearer with the CRON_SECRET.');
}

/** Of one length, whatever was given. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
