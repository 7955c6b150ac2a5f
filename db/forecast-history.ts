import { sql } from 'kysely';
import {
  type Chance,
  chancesOf,
  type Conversion,
  type HistorySettings,
} from '#domain/history-forecast.ts';
import type { Scope } from './scope.ts';

/** How often deals were won that stood where these stand, from what was closed before an instant. */
export async function chancesBefore(
  scope: Scope,
  before: string,
  settings: HistorySettings,
): Promise<Chance> {
  return chancesOf(await conversionsBefore(scope, before, settings), settings);
}

/** Per stage that closed deals once stood in, and per age that they reached while open: how many, and how many won. */
async function conversionsBefore(
  { db }: Scope,
  before: string,
  { days, ages }: HistorySettings,
): Promise<Conversion[]> {
  const { rows } = await sql<Conversion>`
    with closed as (
      select id, status = 'won' as is_won, coalesce(won_at, lost_at) - created_at as age from deals
      where deleted_at is null and status in ('won', 'lost') and coalesce(won_at, lost_at) < ${before}
        and coalesce(won_at, lost_at) >= ${before}::timestamptz - make_interval(days => ${days})),
    stood as (
      select e.deal_id, e.after ->> 'stageId' as stage_id from deal_events e
      where e.kind in ('created', 'stage_changed')
      union
      select e.deal_id, e.before ->> 'stageId' from deal_events e where e.kind = 'stage_changed')
    select s.id as stage_id, g.n::int - 1 as age, count(*) filter (where is_won) as won, count(*) as closed
    from stood join closed on closed.id = stood.deal_id
      join stages s on s.id::text = stood.stage_id and s.kind = 'open'
      join unnest(${[-1, ...ages]}::int[]) with ordinality g(over_days, n)
        on closed.age > make_interval(days => g.over_days)
    group by 1, 2`.execute(db);
  return rows;
}
