import { type RawBuilder, sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import { STALE_DAYS } from '#domain/lead.ts';
import type { Scope } from './scope.ts';

export const leadSorts = ['newest', 'oldest', 'score', 'updated', 'next-action'] as const;
export const leadViews = [
  'all',
  'mine',
  'new',
  'stale',
  'needs-action',
  'active',
  'overdue',
] as const;
export const leadSteps = ['contacted', 'qualified', 'converted', 'won'] as const;

export interface LeadFilter {
  q?: string;
  status?: string;
  source?: string;
  /** A user's id, `me`, or `none`. */
  owner?: string;
  tag?: string;
  stale?: boolean;
  /** Came on this day of the workspace or later. */
  createdAfter?: string;
  /** Came at least as far, whatever became of it. */
  reached?: (typeof leadSteps)[number];
  view?: (typeof leadViews)[number];
  /** What a search finds is always shown newest first. */
  sort?: (typeof leadSorts)[number];
  limit: number;
  cursor?: string;
}

interface Page {
  ids: string[];
  next: string | null;
}

export const stale = sql<boolean>`(is_open and (next_action_at < now()
  or updated_at <= now() - interval '${sql.raw(String(STALE_DAYS))} days'))`;
/** Nothing is planned, or it is due within a day. */
export const needsAction = sql<boolean>`(is_open and (next_action_at is null
  or next_action_at < now() + interval '1 day'))`;

/** The ids of one page, in order. */
export function pageOfLeads(scope: Scope, filter: LeadFilter, me: string): Promise<Page> {
  const owner = filter.owner === 'me' ? me : filter.owner;
  const given = { ...filter, owner };
  const isPlain = !filter.createdAfter && !filter.reached && !odd.has(filter.view ?? 'all');
  return filter.q?.trim() && isPlain ? foundPage(scope, given, me) : sortedPage(scope, given, me);
}

/** What the function that searches does not know. */
const odd = new Set<string>(['active', 'overdue']);

const sorts = {
  newest: { column: 'id', type: 'uuid', descending: true },
  oldest: { column: 'id', type: 'uuid', descending: false },
  score: { column: 'score', type: 'int', descending: true },
  updated: { column: 'updated_at', type: 'timestamptz', descending: true },
  'next-action': { column: 'next_action_at', type: 'timestamptz', descending: false },
} as const;

/** Rows that lack the value they are sorted by come last. */
async function sortedPage({ db }: Scope, filter: LeadFilter, me: string): Promise<Page> {
  const { column, type, descending } = sorts[filter.sort ?? 'newest'];
  const after = cursorFrom(filter);
  const key = sql.raw(column);
  const order = sql.raw(descending ? 'desc' : 'asc');
  const past = sql.raw(descending ? '<' : '>');
  const where = [...conditionsOf(filter, me), ...matching(filter.q)];
  const most = filter.limit + 1;

  async function rows(extra: RawBuilder<unknown>[], by: RawBuilder<unknown>, limit: number) {
    const all = sql.join([sql`true`, ...where, ...extra], sql` and `);
    const { rows } = await sql<Key>`
      select id, ${key}::text as value from leads where ${all} order by ${by} limit ${limit}`.execute(
      db,
    );
    return rows;
  }

  const byId = sql`id ${order}`;
  const pastId = after ? [sql`id ${past} ${after.id}::uuid`] : [];
  if (column === 'id') return cut(await rows(pastId, byId, most), filter);
  const pastValue = after
    ? [sql`(${key}, id) ${past} (${after.value}::${sql.raw(type)}, ${after.id}::uuid)`]
    : [sql`${key} is not null`];
  const valued =
    after?.value === null ? [] : await rows(pastValue, sql`${key} ${order}, ${byId}`, most);
  if (valued.length === most) return cut(valued, filter);
  const inTail = after?.value === null ? pastId : [];
  const tail = await rows([sql`${key} is null`, ...inTail], byId, most - valued.length);
  return cut([...valued, ...tail], filter);
}

/** The search is a function of its own, because row-level security would keep it from its index. */
async function foundPage({ db }: Scope, filter: LeadFilter, me: string): Promise<Page> {
  const { status = null, source = null, tag = null, view } = filter;
  const pattern = `%${filter
    .q!.trim()
    .toLowerCase()
    .replace(/[\\%_]/g, '\\$&')}%`;
  const before = cursorFrom(filter)?.id ?? null;
  const owner = view === 'mine' ? me : (filter.owner ?? null);
  if (view === 'mine' && filter.owner && filter.owner !== me) return { ids: [], next: null };
  const only = [
    ...(status ? [] : ['no-spam']),
    ...(view === 'mine' ? ['open'] : []),
    ...(filter.stale ? ['stale'] : []),
    ...(view ? [view] : []),
  ];
  const { rows } = await sql<{ id: string }>`
    select id from leads_found(${pattern}, ${filter.limit + 1}, ${before}::uuid,
      ${status}, ${source}, ${owner}, ${tag}, ${only}::text[]) as found (id)`.execute(db);
  return cut(
    rows.map(({ id }) => ({ id, value: id })),
    filter,
  );
}

const reached = {
  contacted: sql`contacted_at is not null`,
  qualified: sql`qualified_at is not null`,
  converted: sql`(status = 'converted' or converted_at is not null)`,
  won: sql`won_at is not null`,
};

function matching(q = ''): RawBuilder<unknown>[] {
  const text = q.trim().toLowerCase();
  if (text === '') return [];
  return [sql`id in (select leads_like(${`%${text.replace(/[\\%_]/g, '\\$&')}%`}, 100000, null))`];
}

export function conditionsOf(filter: LeadFilter, me: string): RawBuilder<unknown>[] {
  const { status, source, owner, tag, view } = filter;
  const all: RawBuilder<unknown>[] = [sql`deleted_at is null`];
  if (status) all.push(sql`status = ${status}`);
  if (source) all.push(sql`source = ${source}`);
  if (owner) all.push(owner === 'none' ? sql`owner_id is null` : sql`owner_id = ${owner}`);
  if (tag) {
    all.push(sql`id in (select lead_id from lead_tags where slug = ${tag} and removed_at is null)`);
  }
  if (filter.stale ?? view === 'stale') all.push(stale);
  if (view === 'mine') all.push(sql`owner_id = ${me} and is_open`);
  if (view === 'new') all.push(sql`status = 'new'`);
  if (view === 'needs-action') all.push(needsAction);
  if (view === 'active') all.push(sql`is_open`);
  if (view === 'overdue') all.push(sql`is_open and next_action_at < now()`);
  if (filter.reached) all.push(reached[filter.reached]);
  if (filter.createdAfter) {
    all.push(sql`created_at >= ${filter.createdAfter}::timestamp at time zone
      (select time_zone from workspaces)`);
  }
  // Spam is shown to whoever asks for it, and to nobody else.
  if (!status) all.push(sql`status <> 'spam'`);
  return all;
}

interface Key {
  id: string;
  /** Of the column that sorts, as the database writes it: exact to the microsecond. */
  value: string | null;
}

function cut(rows: Key[], { limit }: LeadFilter): Page {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    ids: page.map(({ id }) => id),
    next:
      rows.length > limit && last
        ? Buffer.from(JSON.stringify([last.value, last.id])).toString('base64url')
        : null,
  };
}

/** A cursor that we did not make is refused, and so is one of another order. */
function cursorFrom({ cursor, sort = 'newest' }: LeadFilter): Key | undefined {
  if (!cursor) return undefined;
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, value, id] = /^\[(null|"[^"\\]*"),"([0-9a-f-]{36})"\]$/.exec(text) ?? [];
  const read = value && (JSON.parse(value) as string | null);
  if (!id || read === undefined || !fits[sorts[sort].type].test(read ?? '')) {
    const message = 'This is no cursor of ours.';
    throw new Refusal('invalid', message, [{ field: 'cursor', message }]);
  }
  return { value: read as string | null, id };
}

const fits = {
  uuid: /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$/,
  int: /^(-?\d{1,9})?$/,
  timestamptz: /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d(:\d\d)?)?$/,
};
