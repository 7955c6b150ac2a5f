import { type RawBuilder, sql } from 'kysely';
import type { DealState, Lens } from '#domain/waterfall.ts';
import type { Scope } from './scope.ts';

interface Moved {
  id: string;
  name: string;
  companyName: string | null;
  before: DealState | null;
  after: DealState | null;
}

interface Compared {
  startCents: number;
  endCents: number;
  /** The deals that are not as they were. */
  moved: Moved[];
}

interface Days {
  lens: Lens;
  zone: string;
  today: string;
  /** Recorded days; nothing means now. */
  from: string | null;
  to: string | null;
}

/** Every deal as it was at the end of two days, in one pass: what they come to, and which are another. */
export async function comparedDays(
  { db }: Scope,
  { lens, zone, today, from, to }: Days,
): Promise<Compared> {
  // What was closed before both is the same on both, and counts in no month that is asked for.
  const since = [from ?? today, to ?? today, ...(lens.month ? [lens.month] : [])].toSorted()[0];
  const { rows } = await sql<Compared>`
    with deal as (
      select d.*, (coalesce(d.won_at, d.lost_at) at time zone ${zone})::date as closed_on from deals d),
    sides as (
      select d.id, d.name, d.company_id, ${sideOf('f', 'x', from)}, ${sideOf('t', 'y', to)}
      from deal d ${recorded('x', from)} ${recorded('y', to)}
      where d.status = 'open' or d.closed_on >= ${since}::date ${inRecord('x', from)} ${inRecord('y', to)}),
    valued as (
      select s.*, fs.is_active as f_active, ts.is_active as t_active,
        ${valueIn('f', lens, from ?? today)} as f_value, ${valueIn('t', lens, to ?? today)} as t_value
      from sides s left join stages fs on fs.id = s.f_stage_id left join stages ts on ts.id = s.t_stage_id
      where f_there or t_there)
    select (select coalesce(sum(f_value), 0)::bigint from valued) as start_cents,
      (select coalesce(sum(t_value), 0)::bigint from valued) as end_cents,
      (select coalesce(json_agg(json_build_object('id', v.id, 'name', v.name,
          'companyName', coalesce(co.name, co.domain), 'before', ${stateOf('f')}, 'after', ${stateOf('t')})), '[]')
        from valued v left join companies co on co.id = v.company_id
        where f_value <> t_value or (${row('f')}) is distinct from (${row('t')})) as moved`.execute(
    db,
  );
  return rows[0]!;
}

const columns = [
  ...(['status', 'stage_id', 'amount_cents', 'probability'] as const),
  ...(['expected_close_on', 'closed_on', 'left_out_because'] as const),
];

function recorded(alias: string, day: string | null): RawBuilder<unknown> {
  if (day === null) return sql``;
  const name = sql.ref(alias);
  return sql`left join deal_snapshots ${name} on ${name}.deal_id = d.id and ${name}.taken_on = ${day}::date`;
}

function inRecord(alias: string, day: string | null): RawBuilder<unknown> {
  return day === null ? sql`` : sql`or ${sql.ref(alias)}.deal_id is not null`;
}

/** A record holds what was open, and what was closed in its month; what was closed before is as it is. */
function sideOf(side: string, alias: string, day: string | null): RawBuilder<unknown> {
  if (day === null) {
    const all = columns.map((column) => sql`d.${sql.ref(column)} as ${named(side, column)}`);
    return sql.join([sql`d.deleted_at is null as ${named(side, 'there')}`, ...all]);
  }
  const isRecorded = sql`${sql.ref(alias)}.deal_id is not null`;
  const there = sql`(${isRecorded} or (d.status <> 'open' and d.deleted_at is null and d.closed_on <= ${day}::date))`;
  const all = columns.map(
    (column) => sql`case when ${isRecorded} then ${sql.ref(`${alias}.${column}`)}
      else d.${sql.ref(column)} end as ${named(side, column)}`,
  );
  return sql.join([sql`${there} as ${named(side, 'there')}`, ...all]);
}

/** What `valueOf` in domain/waterfall.ts says, for all deals at once. */
function valueIn(side: string, { measure, month }: Lens, day: string): RawBuilder<unknown> {
  const [there, status, amount] = of(side, 'there', 'status', 'amount_cents');
  const [probability, close, closed] = of(side, 'probability', 'expected_close_on', 'closed_on');
  const [leftOut] = of(side, 'left_out_because');
  const active = sql.ref(`${side}s.is_active`);
  const inAnyMonth = measure === 'amount' && month === null;
  const notCounted = sql`${leftOut} is not null or not ${active} or ${close} is null
    or ${close} < ${day}::date or ${probability} is null`;
  return sql`case when not ${there} then 0
    when ${status} = 'won' then ${month === null ? sql`0` : sql`case when ${outside(closed!, month)} then 0 else ${amount} end`}
    when ${status} <> 'open' then 0
    ${inAnyMonth ? sql`when true then ${amount}` : sql``}
    when ${notCounted} then 0
    ${month === null ? sql`` : sql`when ${outside(close!, month)} then 0`}
    else ${measure === 'amount' ? amount : sql`(${amount} * ${probability} + 50) / 100`} end`;
}

function outside(column: RawBuilder<unknown>, month: string): RawBuilder<unknown> {
  return sql`(${column} < ${month}::date or ${column} >= ${month}::date + interval '1 month')`;
}

function stateOf(side: string): RawBuilder<unknown> {
  const [there, status, stage, amount] = of(side, 'there', 'status', 'stage_id', 'amount_cents');
  const [probability, close, closed] = of(side, 'probability', 'expected_close_on', 'closed_on');
  const [leftOut, active] = of(side, 'left_out_because', 'active');
  return sql`case when ${there} then json_build_object('status', ${status}, 'stageId', ${stage},
    'stageIsActive', ${active}, 'amountCents', ${amount}, 'probability', ${probability},
    'expectedCloseOn', ${close}, 'closedOn', ${closed}, 'leftOutBecause', ${leftOut}) end`;
}

function row(side: string): RawBuilder<unknown> {
  return sql.join(of(side, 'there', ...columns));
}

function of(side: string, ...names: string[]): RawBuilder<unknown>[] {
  return names.map((name) => named(side, name));
}

function named(side: string, column: string): RawBuilder<unknown> {
  return sql`${sql.ref(`${side}_${column}`)}`;
}
