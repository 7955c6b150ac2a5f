import type { RequestHandler, Router as Routes } from 'express';
import { Router } from 'express';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { outboxLag } from '#db/outbox.ts';
import type { Deps } from './deps.ts';

/** What this process counts, in Prometheus' form; calls by the pattern of their route. */
export function createMetrics({ db }: Pick<Deps, 'db'>): { count: RequestHandler; router: Routes } {
  const registers = [new Registry()];
  const [registry] = registers as [Registry];
  collectDefaultMetrics({ register: registry });
  const calls = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'How long calls took, by route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  new Gauge({
    name: 'outbox_waiting',
    help: 'Promises that wait for the relay.',
    registers,
    async collect() {
      const lag = await outboxLag(db).catch(() => undefined);
      if (lag) this.set(lag.waiting);
    },
  });

  const router = Router();
  router.get('/metrics', async (_request, response) => {
    response.type(registry.contentType).send(await registry.metrics());
  });
  return {
    router,
    count(request, response, next) {
      const end = calls.startTimer();
      response.once('close', () => {
        const route = patternOf(request);
        end({ method: request.method, route, status: response.statusCode });
      });
      next();
    },
  };
}

/** The pattern of the route, which has no ids in it. */
export function patternOf(request: { route?: { path?: unknown } }): string {
  return typeof request.route?.path === 'string' ? request.route.path : 'other';
}
