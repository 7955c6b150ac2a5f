import { sql } from 'kysely';
import {
  AT_RISK_DAYS,
  type Customer,
  type CustomerHealth,
  HEALTHY_DAYS,
  healthOf,
} from '#domain/customer.ts';
import { lastActivity } from './company-detail.ts';
import { companyRows } from './company-list.ts';
import { cursorFrom, cursorTo, patternOf } from './keyset.ts';
import { living } from './record-columns.ts';
import type { Scope } from './scope.ts';

export interface CustomerFilter {
  q?: string;
  owner?: string;
  health?: CustomerHealth;
  limit: number;
  cursor?: string;
}

interface Found {
  id: string;
  cents: number;
  wonDeals: number;
  lastWonAt: string | null;
  lastAt: string | null;
}

/** Companies that bought something, who bought most first, with how they do as of now. */
export async function listCustomers(
  scope: Scope,
  filter: CustomerFilter,
  now = new Date().toISOString(),
): Promise<{ items: Customer[]; next: string | null }> {
  const rows = await found(scope, filter, now);
  const page = rows.slice(0, filter.limit);
  const shown = await companyRows(
    scope,
    page.map(({ id }) => id),
  );
  const items = shown.map((company, index) => {
    const { wonDeals, lastWonAt, lastAt } = page[index]!;
    return { ...company, lastActivityAt: lastAt, wonDeals, lastWonAt, ...healthOf(lastAt, now) };
  });
  const last = page.at(-1);
  const more = rows.length > filter.limit && last;
  return { items, next: more ? cursorTo({ id: last.id, value: String(last.cents) }) : null };
}

/** How many there are in all. */
export async function countCustomers({ db }: Scope): Promise<{ all: number }> {
  const { rows } = await sql<{ all: number }>`
    select count(*) as all from companies co where ${living('co')} and co.id in (
      select company_id from deals where status = 'won' and deleted_at is null)`.execute(db);
  return rows[0]!;
}

async function found({ db, actor }: Scope, filter: CustomerFilter, now: string): Promise<Found[]> {
  const { q, health, limit, cursor } = filter;
  const owner = filter.owner === 'me' ? actor : filter.owner;
  const key = cursorFrom(cursor, 'bigint');
  const { rows } = await sql<Found>`
    with bought as (
      select company_id, sum(amount_cents)::bigint as cents, count(*) as won_deals, max(won_at) as last_won_at
      from deals where status = 'won' and deleted_at is null and company_id is not null group by company_id)
    select found.*, ${health ? sql`found.seen_at` : sql`(select ${lastActivity} from companies co where co.id = found.id)`} as last_at
    from (
      select co.id, b.cents, b.won_deals, b.last_won_at, ${health ? sql`seen.last_at` : sql`null::timestamptz`} as seen_at
      from bought b join companies co on co.id = b.company_id and ${living('co')}
        ${health ? sql`, lateral (select ${lastActivity} as last_at) seen` : sql``}
      where ${q?.trim() ? sql`co.search like ${patternOf(q)}` : sql`true`}
        and ${!owner ? sql`true` : owner === 'none' ? sql`co.owner_id is null` : sql`co.owner_id = ${owner}`}
        and ${health ? isOf(health, now) : sql`true`}
        and ${key ? sql`(b.cents, co.id) < (${key.value}::bigint, ${key.id}::uuid)` : sql`true`}
      order by b.cents desc, co.id desc limit ${limit + 1}) found
    order by found.cents desc, found.id desc`.execute(db);
  return rows;
}

/** The same days as `healthOf` counts. */
function isOf(health: CustomerHealth, now: string) {
  const days = sql`floor(extract(epoch from (${now}::timestamptz - seen.last_at)) / 86400)`;
  if (health === 'healthy') return sql`${days} <= ${HEALTHY_DAYS}`;
  if (health === 'at_risk') return sql`${days} > ${HEALTHY_DAYS} and ${days} <= ${AT_RISK_DAYS}`;
  return sql`(seen.last_at is null or ${days} > ${AT_RISK_DAYS})`;
}
