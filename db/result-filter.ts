import { type RawBuilder, sql } from 'kysely';
import type { DealSort, ResultFilter } from '#domain/result.ts';
import { Refusal } from '#domain/refusal.ts';
import { patternOf } from './keyset.ts';
import type { Looked } from './result-rules.ts';

type Sql = RawBuilder<unknown>;

/** Of which analysis, which of its deals and findings, as of when. */
export interface Wanted {
  looked: Pick<Looked, 'id' | 'previousId'>;
  filter: ResultFilter;
  now: string;
  /** Only these of its deals. */
  lines?: number[];
}

/** The findings that are wanted: line, rule_id, severity, category, message, change, fixed_at, undo_id and task_id. */
export function findingsWanted({ looked, filter, now, lines }: Wanted): Sql {
  const where = sql.join(
    [
      sql`true`,
      ...(filter.severity?.length ? [sql`f.severity = any(${filter.severity})`] : []),
      ...(filter.category?.length ? [sql`f.category = any(${filter.category})`] : []),
      ...(filter.rule?.length ? [sql`f.rule_id = any(${filter.rule})`] : []),
      ...(filter.snoozed === undefined ? [] : [asleep(looked.id, now, filter.snoozed)]),
    ],
    sql` and `,
  );
  const on = sql.ref(filter.change === 'fixed' ? 'd.line' : 'f.line');
  const only = lines ? sql`and ${on} = any(${lines}::int[])` : sql``;
  if (filter.change === 'fixed') return goneSince(looked, sql`${where} ${only}`);
  const change = filter.change ? sql`and f.change = ${filter.change}` : sql``;
  return sql`select f.line, f.rule_id, f.severity, f.category, f.message, f.change, f.fixed_at, f.undo_id, f.task_id
    from findings f where f.analysis_id = ${looked.id} and ${where} ${only} ${change}`;
}

/** What was found the last time on a deal that is still there, and is not found any more. */
function goneSince({ id, previousId }: Wanted['looked'], where: Sql): Sql {
  return sql`select distinct on (d.line, f.rule_id) d.line, f.rule_id, f.severity, f.category, f.message,
      'fixed' as change, null::timestamptz as fixed_at, null::uuid as undo_id, null::uuid as task_id
    from analysis_deals d
      join analysis_deals b on b.analysis_id = ${previousId} and b.subject = d.subject
      join findings f on f.analysis_id = b.analysis_id and f.line = b.line
    where d.analysis_id = ${id} and ${where} and not exists (
      select from findings n where n.analysis_id = d.analysis_id and n.line = d.line and n.rule_id = f.rule_id)`;
}

function asleep(analysisId: string, now: string, wanted: boolean): Sql {
  return sql`(f.line, f.rule_id) ${sql.raw(wanted ? 'in' : 'not in')} (
    select d.line, s.rule_id from finding_snoozes s
      join analysis_deals d on d.analysis_id = ${analysisId} and d.subject = s.subject
    where s.snoozed_until > ${now}::timestamptz)`;
}

/** What a deal `d` must be to be wanted; `from` are its findings, where they are looked up already. */
export function dealsWanted(wanted: Wanted, from?: Sql): Sql {
  const { looked, filter } = wanted;
  const { owner, stage, clean, search } = filter;
  const none = sql`d.critical + d.warning + d.info = 0`;
  return sql.join(
    [
      sql`d.analysis_id = ${looked.id}`,
      ...(owner === 'none' ? [sql`d.owner_id is null and coalesce(d.owner, '') = ''`] : []),
      ...(owner && owner !== 'none' ? [sql`(d.owner_id = ${owner} or d.owner = ${owner})`] : []),
      ...(stage ? [sql`(d.stage = ${stage} or d.facts->>'stageName' = ${stage})`] : []),
      ...(clean === undefined ? [] : [clean ? none : sql`not (${none})`]),
      ...(search?.trim() ? [found(patternOf(search))] : []),
      ...(narrowsFindings(filter)
        ? [sql`d.line in (select w.line from ${from ?? sql`(${findingsWanted(wanted)})`} w)`]
        : []),
    ],
    sql` and `,
  );
}

function found(pattern: string): Sql {
  return sql`lower(concat_ws(' ', d.name, d.company, d.owner)) like ${pattern}`;
}

export function narrowsFindings({
  severity,
  category,
  rule,
  change,
  snoozed,
}: ResultFilter): boolean {
  const lists = [severity, category, rule];
  return lists.some((list) => list?.length) || change !== undefined || snoozed !== undefined;
}

const keys = {
  worst: ['worst_rank', 'amount_rank', 'line'],
  amount: ['amount_rank', 'line'],
  name: ['name_rank', 'line'],
} as const satisfies Record<DealSort, readonly string[]>;

const types = { worst_rank: 'bigint', amount_rank: 'bigint', name_rank: 'text', line: 'int' };

/** How deals are ordered, what stands in a cursor, and what comes after one. */
export function orderOf(sort: DealSort, cursor: string | undefined) {
  const columns = keys[sort].map((name) => sql.ref(`d.${name}`));
  const values = cursor ? readCursor(cursor, sort) : undefined;
  const given = values?.map((value, at) => {
    return sql`${value}::${sql.raw(types[keys[sort][at]!])}`;
  });
  return {
    by: sql.join(columns),
    key: sql`json_build_array(${sql.join(columns.map((column) => sql`${column}::text`))})::text`,
    after: given ? sql`(${sql.join(columns)}) > (${sql.join(given)})` : sql`true`,
  };
}

export function cursorOf(key: string): string {
  return Buffer.from(key).toString('base64url');
}

/** A cursor that we did not make is refused, and so is one of another order. */
function readCursor(cursor: string, sort: DealSort): string[] {
  const values = parsed(Buffer.from(cursor, 'base64url').toString());
  const fits = keys[sort].every((name, at) => {
    const value = values?.[at];
    if (typeof value !== 'string' || value.includes('\0')) return false;
    return types[name] === 'text' || /^-?\d{1,15}$/.test(value);
  });
  if (fits && values?.length === keys[sort].length) return values as string[];
  const message = 'This is no cursor of ours.';
  throw new Refusal('invalid', message, [{ field: 'after', message }]);
}

function parsed(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
