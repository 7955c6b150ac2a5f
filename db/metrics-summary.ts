import { sql } from 'kysely';
import type { MetricsSummary } from '#domain/metrics.ts';
import type { Scope } from './scope.ts';
import { salesStats } from './sales-stats.ts';

/** How much there is of everything, and how it goes. */
export async function metricsSummary(scope: Scope, now: string): Promise<MetricsSummary> {
  const { rows } = await sql<Omit<MetricsSummary, 'deals' | 'at'>>`
    select
      (select json_build_object('total', count(*), 'active', count(*) filter (where is_open),
          'converted', count(*) filter (where status = 'converted'),
          'new30Days', count(*) filter (where created_at >= ${now}::timestamptz - interval '30 days'))
        from leads where deleted_at is null and status <> 'spam') as leads,
      (select count(*) from companies where deleted_at is null and merged_into is null) as companies,
      (select count(*) from contacts where deleted_at is null and merged_into is null) as contacts,
      (select json_build_object('live', count(*) filter (where live_id is not null), 'total', count(*))
        from sequences) as sequences,
      (select json_build_object('active', count(*) filter (where status = 'active'),
          'paused', count(*) filter (where status = 'paused'),
          'blocked', count(*) filter (where status = 'blocked')) from enrolments) as enrolments,
      (select json_build_object('accepted', count(*) filter (where state in ('accepted', 'delivered', 'bounced')),
          'failed', count(*) filter (where state = 'failed'), 'unknown', count(*) filter (where state = 'unknown'),
          'total', count(*)) from touches) as touches,
      (select json_build_object('open', count(*), 'overdue', count(*) filter (where due_at < ${now}))
        from tasks where done_at is null and cancelled_at is null) as tasks`.execute(scope.db);
  const stats = await salesStats(scope, now);
  const deals = {
    open: stats.active_deals_count,
    pipelineCents: stats.total_pipeline_cents,
    weightedCents: stats.weighted_forecast_cents,
    winRate: stats.win_rate,
    closed90Days: stats.closed_deals_90_days,
  };
  return { at: now, ...rows[0]!, deals };
}
