import { type RawBuilder, sql } from 'kysely';
import type { RiskSettings } from '#domain/risk-settings.ts';
import type { RiskInput } from '#domain/risk.ts';
import type { Scope } from './scope.ts';

/** What people do with each other; all else that is written on a deal is not a touchpoint. */
export const touchKinds = [
  ...(['call', 'meeting', 'email', 'sms', 'reply'] as const),
  ...([
    'call_done',
    'meeting_done',
    'email_done',
    'reply_done',
    'mail_opened',
    'link_clicked',
  ] as const),
] as const;

export type Touches = Map<string, RiskInput['touches']>;

const kinds = sql`(${sql.join(touchKinds)})`;

/** The touchpoints of some deals, and of the leads that they came from. */
export function touchesOf(
  scope: Scope,
  ids: string[],
  settings: RiskSettings,
  now: string,
): Promise<Touches> {
  // Deal by deal: few of many are asked for, and each is found by its index.
  return count(
    scope,
    settings,
    now,
  )(sql`
    select d.id, one.at from deals d cross join lateral (
      select a.at from activities a where a.deal_id = d.id and a.kind in ${kinds}
      union all
      select a.at from activities a where a.lead_id = d.lead_id and a.deal_id is null and a.kind in ${kinds}
      union all
      select m.at from messages m where m.lead_id = d.lead_id and m.kind = 'reply'
      offset 0) one
    where d.id = any(${ids}::uuid[])`);
}

/** The touchpoints of all open deals, in one pass over what happened. */
export function touchesOfOpen(scope: Scope, settings: RiskSettings, now: string): Promise<Touches> {
  return count(
    scope,
    settings,
    now,
  )(sql`
    select d.id, a.at from activities a join open d on d.id = a.deal_id where a.kind in ${kinds}
    union all
    select d.id, a.at from open d join activities a on a.lead_id = d.lead_id and a.deal_id is null
    where d.lead_id is not null and a.kind in ${kinds}
    union all
    select d.id, m.at from open d join messages m on m.lead_id = d.lead_id where m.kind = 'reply'`);
}

/**
 * How many there were in the window that ends now, and in the one before it; while there are none of late, in the one
 * that ends at the last of all, so that a long silence never looks like a calm.
 */
function count({ db }: Scope, { engagement }: RiskSettings, now: string) {
  const window = sql`make_interval(hours => ${Math.round(engagement.days * 24)}::int)`;
  const start = sql`${now}::timestamptz - ${window}`;
  return async (touched: RawBuilder<unknown>): Promise<Touches> => {
    const { rows } = await sql<RiskInput['touches'] & { id: string }>`
      with open as (select id, lead_id from deals where status = 'open' and deleted_at is null),
      touched as materialized (${touched}),
      past as (select id, at, max(at) over (partition by id) as last from touched where at <= ${now}::timestamptz)
      select id, count(*) filter (where at > ${start})::int as recent,
        count(*) filter (where at <= least(last, ${start}) and at > least(last, ${start}) - ${window})::int as before
      from past group by id`.execute(db);
    return new Map(rows.map(({ id, ...touches }) => [id, touches]));
  };
}
