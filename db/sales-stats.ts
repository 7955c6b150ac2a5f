import { sql } from 'kysely';
import { dayOf, instantOf } from '#domain/calendar.ts';
import { percentOf, type SalesStats } from '#domain/dashboard.ts';
import { majorOf } from '#domain/money.ts';
import { daysBefore } from '#domain/period.ts';
import type { Scope } from './scope.ts';

interface StageSum {
  stage: string;
  name: string;
  pipeline: string;
  count: number;
  cents: number;
  weighted: number;
}

/** The pipeline in a handful of figures, in one statement. */
export async function salesStats({ db }: Scope, now: string): Promise<SalesStats> {
  const here = await db
    .selectFrom('workspaces')
    .select(['timeZone', 'currency'])
    .executeTakeFirstOrThrow();
  const today = dayOf(now, here.timeZone);
  const since = instantOf(daysBefore(today, 90), '00:00', here.timeZone);
  const { rows } = await sql<{
    stages: StageSum[];
    contacts: number;
    won: number;
    lost: number;
  }>`
    with open as (
      select stage_id, count(*) as count, sum(amount_cents)::bigint as cents,
        coalesce(sum((amount_cents * probability + 50) / 100) filter (
          where left_out_because is null and expected_close_on >= ${today}::date), 0)::bigint as weighted
      from deals where status = 'open' and deleted_at is null group by stage_id)
    select
      (select coalesce(json_agg(json_build_object('stage', s.slug, 'name', s.name, 'pipeline', p.name,
          'count', coalesce(o.count, 0), 'cents', coalesce(o.cents, 0),
          'weighted', case when s.is_active then coalesce(o.weighted, 0) else 0 end)
          order by p.position, p.id, s.position), '[]')
        from stages s join pipelines p on p.id = s.pipeline_id left join open o on o.stage_id = s.id
        where s.kind = 'open' and (o.count > 0 or s.archived_at is null and p.archived_at is null)) as stages,
      (select count(distinct contact_id) from deals where status = 'open' and deleted_at is null) as contacts,
      (select count(*) from deals where status = 'won' and deleted_at is null and won_at >= ${since}) as won,
      (select count(*) from deals where status = 'lost' and deleted_at is null and lost_at >= ${since}) as lost`.execute(
    db,
  );
  const { stages, contacts, won, lost } = rows[0]!;
  const pipeline = stages.reduce((sum, { cents }) => sum + cents, 0);
  const weighted = stages.reduce((sum, stage) => sum + stage.weighted, 0);
  return {
    total_pipeline: majorOf(pipeline, here.currency),
    total_pipeline_cents: pipeline,
    active_deals_count: stages.reduce((sum, { count }) => sum + count, 0),
    key_contacts: contacts,
    win_rate: percentOf(won, won + lost) ?? 0,
    closed_deals_90_days: won + lost,
    weighted_forecast: majorOf(weighted, here.currency),
    weighted_forecast_cents: weighted,
    deals_by_stage: stages.map(({ stage, name, pipeline, count, cents }) => ({
      ...{ stage, name, pipeline, count },
      ...{ value: majorOf(cents, here.currency), value_cents: cents },
    })),
  };
}
