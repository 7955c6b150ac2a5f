import { monitorEventLoopDelay } from 'node:perf_hooks';
import { metricsSummary } from '#db/metrics-summary.ts';
import { outboxLag } from '#db/outbox.ts';
import { MetricsPerformance, MetricsSummary } from '#domain/metrics.ts';
import type { Deps } from './deps.ts';
import { route } from './route.ts';

const lateness = monitorEventLoopDelay({ resolution: 20 });
lateness.enable();

export const metricsRoutes = [
  route('get', '/metrics/summary', {
    summary: 'How much there is of everything, and how it goes',
    needs: 'leads:read',
    reply: MetricsSummary,
    run: (_given, scope, { now }) => metricsSummary(scope, now()),
  }),

  route('get', '/metrics/performance', {
    summary: 'How the process that answers is doing',
    needs: 'workspace:read',
    reply: MetricsPerformance,
    run: (_given, _scope, deps) => performanceOf(deps),
  }),
];

async function performanceOf({ db, now }: Deps): Promise<MetricsPerformance> {
  const began = performance.now();
  const { waiting, oldest } = await outboxLag(db);
  const at = now();
  return {
    at,
    uptimeSeconds: Math.floor(process.uptime()),
    memoryBytes: process.memoryUsage.rss(),
    eventLoopDelayMs: {
      mean: inMs(lateness.mean),
      p99: inMs(lateness.percentile(99)),
    },
    databaseMs: rounded(performance.now() - began),
    outbox: {
      waiting,
      oldestMs: oldest === null ? 0 : Math.max(0, Date.parse(at) - Date.parse(oldest)),
    },
  };
}

/** Nothing has been measured in the first moments. */
function inMs(nanoseconds: number): number {
  return Number.isFinite(nanoseconds) ? rounded(nanoseconds / 1e6) : 0;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
