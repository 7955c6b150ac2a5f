import { type RawBuilder, sql } from 'kysely';
import { type DealWish, STALE_DEAL_DAYS } from '#domain/deal-filter.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** An archived deal is among the others only for who looks for either. */
export type Wish = Omit<DealWish, 'archived'> & { archived?: boolean | 'either' };

/** What deals `d` must be, as conditions of a query; never none. */
export function conditionsOf(
  wish: Wish,
  { me, now }: { me: string; now: string },
): RawBuilder<unknown>[] {
  const { stage, status, pipeline, owner, source, band, tag, company, contact } = wish;
  const quiet = sql`${now}::timestamptz - make_interval(hours => ${24 * STALE_DEAL_DAYS})`;
  const all: RawBuilder<unknown>[] = [sql`d.deleted_at is null`, ...archivedOr(wish.archived)];
  if (stage) {
    all.push(
      uuid.test(stage)
        ? sql`d.stage_id = ${stage}::uuid`
        : sql`d.stage_id in (select id from stages where slug = ${stage})`,
    );
  }
  if (status) all.push(sql`d.status = ${status}`);
  if (pipeline) all.push(isId('pipeline_id', pipeline));
  if (company) all.push(isId('company_id', company));
  if (contact) all.push(isId('contact_id', contact));
  if (owner === 'none') all.push(sql`d.owner_id is null`);
  else if (owner) all.push(sql`d.owner_id = ${owner === 'me' ? me : owner}`);
  if (source) all.push(sql`d.source = ${source}`);
  if (band) all.push(sql`d.risk_band = ${band}`);
  if (wish.stale !== undefined) {
    const isStale = sql`(d.status = 'open' and d.last_activity_at <= ${quiet})`;
    all.push(wish.stale ? isStale : sql`not ${isStale}`);
  }
  if (wish.closeBefore) all.push(sql`d.expected_close_on < ${wish.closeBefore}::date`);
  if (wish.closeAfter) all.push(sql`d.expected_close_on >= ${wish.closeAfter}::date`);
  if (wish.closedAfter) {
    all.push(sql`coalesce(d.won_at, d.lost_at) >= ${wish.closedAfter}::timestamp at time zone
      (select time_zone from workspaces)`);
  }
  if (tag) {
    all.push(
      sql`d.id in (select record_id from record_tags where record = 'deal' and slug = ${tag})`,
    );
  }
  if (wish.q?.trim())
    all.push(sql`d.id = any(array(select deals_like(${like(wish.q)}, 100000, null)))`);
  return all;
}

/** What is no id is nobody's. */
function isId(column: string, id: string): RawBuilder<unknown> {
  return uuid.test(id) ? sql`${sql.ref(`d.${column}`)} = ${id}::uuid` : sql`false`;
}

export function like(q: string): string {
  return `%${q
    .trim()
    .toLowerCase()
    .replace(/[\\%_]/g, '\\$&')}%`;
}

function archivedOr(archived: Wish['archived']): RawBuilder<unknown>[] {
  if (archived === 'either') return [];
  return [archived ? sql`d.archived_at is not null` : sql`d.archived_at is null`];
}
