import { sql } from 'kysely';
import { type FixWish, MOST_FIXES } from '#domain/fix.ts';
import type { RuleFacts } from '#domain/rule.ts';
import type { DealRow } from './deal-story.ts';
import { dealsWanted, findingsWanted } from './result-filter.ts';
import type { Looked } from './result-rules.ts';
import type { Scope } from './scope.ts';

/** A finding that is to be fixed, with what was known of its deal then. */
export interface Target {
  line: number;
  ruleId: string;
  message: string | null;
  fixedAt: string | null;
  dealId: string | null;
  deal: string;
  facts: RuleFacts;
}

/** Which findings are meant, the worst deals first; how many more there are than can be fixed at once. */
export async function targetsOf(
  scope: Scope,
  looked: Looked,
  wish: FixWish,
  now: string,
): Promise<{ targets: Target[]; left: number }> {
  if ('findings' in wish) return { targets: await named(scope, looked, wish.findings), left: 0 };
  const wanted = { looked, filter: wish.filter, now };
  const automatable = looked.rules.filter((rule) => rule.automatable && rule.fix);
  const { rows } = await sql<Target & { total: number }>`
    select f.line, f.rule_id, f.message, f.fixed_at, d.deal_id, d.name as deal, d.facts, count(*) over () as total
    from (${findingsWanted(wanted)}) f
      join analysis_deals d on d.line = f.line and ${dealsWanted(wanted)}
    where f.rule_id = any(${automatable.map(({ id }) => id)}) and f.fixed_at is null
      and f.change is distinct from 'fixed'
    order by d.deal_id is null, d.worst_rank, d.amount_rank, d.line, f.rule_id limit ${MOST_FIXES}`.execute(
    scope.db,
  );
  const targets = rows.map(({ total: _total, ...target }) => target);
  return { targets, left: (rows[0]?.total ?? 0) - rows.length };
}

/** Those that are named; one that is not there has no message. */
async function named(
  { db }: Scope,
  looked: Looked,
  findings: { line: number; ruleId: string }[],
): Promise<Target[]> {
  const asked = JSON.stringify(findings.map(({ line, ruleId }) => ({ line, rule_id: ruleId })));
  const { rows } = await sql<Target>`
    select distinct on (a.line, a.rule_id) a.line, a.rule_id, f.message, f.fixed_at, d.deal_id,
      coalesce(d.name, '') as deal, coalesce(d.facts, '{}') as facts
    from json_to_recordset(${asked}::json) a (line int, rule_id text)
      left join findings f on f.analysis_id = ${looked.id} and f.line = a.line and f.rule_id = a.rule_id
      left join analysis_deals d on d.analysis_id = ${looked.id} and d.line = a.line
    order by a.line, a.rule_id`.execute(db);
  return rows;
}

/** What stands of the deals now, and what stood there when they were looked at. */
export interface Present {
  deals: Map<string, DealRow>;
  /** What a field held when it was looked at, by deal and field; only of what was changed since. */
  then: Map<string, unknown>;
  members: Map<string, string>;
  /** Who owns the company of a deal. */
  companyOwners: Map<string, string>;
  /** Open tasks, by deal and title. */
  tasks: Set<string>;
}

/** `lock` keeps everybody else away from them until the end of the transaction. */
export async function presentOf(
  { db }: Scope,
  dealIds: string[],
  { since, lock }: { since: string; lock: boolean },
): Promise<Present> {
  const these = sql`any(${dealIds}::uuid[])`;
  const deals = await db
    .selectFrom('deals')
    .selectAll()
    .where(sql<boolean>`id = ${these}`)
    .where('deletedAt', 'is', null)
    .orderBy('id')
    .$if(lock, (all) => all.forNoKeyUpdate())
    .execute();
  const { rows: changed } = await sql<{ dealId: string; field: string; value: unknown }>`
    select deal_id, k.key as field, (jsonb_agg(before->k.key order by at, id))->0 as value
    from deal_events, jsonb_object_keys(before) k (key)
    where deal_id = ${these} and at > ${since}::timestamptz group by deal_id, k.key`.execute(db);
  const { rows: owners } = await sql<{ dealId: string; ownerId: string }>`
    select d.id as deal_id, c.owner_id from deals d join companies c on c.id = d.company_id
    where d.id = ${these} and c.owner_id is not null`.execute(db);
  const { rows: tasks } = await sql<{ dealId: string; title: string }>`
    select deal_id, title from tasks
    where deal_id = ${these} and done_at is null and cancelled_at is null`.execute(db);
  const members = await db.selectFrom('members').select(['userId', 'name']).execute();
  return {
    deals: new Map(deals.map((deal) => [deal.id, deal])),
    then: new Map(changed.map(({ dealId, field, value }) => [`${dealId} ${field}`, value])),
    members: new Map(members.map(({ userId, name }) => [userId, name])),
    companyOwners: new Map(owners.map(({ dealId, ownerId }) => [dealId, ownerId])),
    tasks: new Set(tasks.map(({ dealId, title }) => `${dealId} ${title}`)),
  };
}
