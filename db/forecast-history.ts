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
    way as (select id, row_number() over (order by id) as n from stages where kind = 'open'),
    stood as (
      select * from deals_stood(null, (select json_agg(json_build_object('id', id, 'number', n)) from way))),
    ended as (
      select stood.been, closed.is_won, ${oldest('closed.age', ages)} as age, count(*) as deals
      from stood join closed on closed.id = stood.deal_id group by 1, 2, 3)
    select w.id as stage_id, g.age::int, sum(e.deals) filter (where e.is_won) as won, sum(e.deals) as closed
    from ended e join way w on e.been & (1::bigint << w.n::int) > 0
      join generate_series(0, ${ages.length}::int) g(age) on g.age <= e.age
    group by 1, 2`.execute(db);
  return rows.map((row) => ({ ...row, won: Number(row.won), closed: Number(row.closed) }));
}

/** The group of the oldest age that a deal reached while it was open. */
function oldest(age: string, ages: number[]) {
  const days = ages.map((most) => sql`(${sql.ref(age)} > make_interval(days => ${most}))::int`);
  return days.length === 0 ? sql`0` : sql`${sql.join(days, sql` + `)}`;
}
