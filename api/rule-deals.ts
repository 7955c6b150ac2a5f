import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { crowdOf } from '#db/deal-crowd.ts';
import { type DealFacts, dealFacts } from '#db/deal-facts.ts';
import type { Scope } from '#db/scope.ts';
import type { Rule, Severity, Violation } from '#domain/rule.ts';
import { type At, type Compiled, compileRules } from '#rules/compile.ts';
import { crowdFacts } from '#rules/crowd.ts';
import { countsOf, type Counts, healthOf, pipelineHealth } from '#rules/health.ts';
import type { InForce } from '#rules/in-force.ts';

/** The open deals of a workspace with their facts, as they were a moment ago. */
export interface AtHand {
  at: At;
  deals: DealFacts[];
  /** Whether there are more than are looked at. */
  isPart: boolean;
  /** What was judged of them lately, by the digest of the rules. */
  judged: Map<string, Judged>;
}

/** What rules say of all deals at hand. */
export interface Judged {
  /** By rule, the places of the deals it fires on. */
  firing: Map<string, number[]>;
  counts: Counts[];
  health: number;
}

/** How many deals are looked at while somebody waits. */
const MOST_DEALS = 20_000;
/** How long they are kept, in milliseconds, and how many of all workspaces together. */
const KEPT_FOR = 60_000;
const KEPT_DEALS = 60_000;

interface Kept {
  stamp: string;
  until: number;
  hand: AtHand;
}

const kept = new Map<string, Kept>();

/**
 * The deals of the caller's workspace; read anew at once when a deal was changed, and after a minute for what changes
 * without one.
 */
export async function dealsAtHand(scope: Scope, now: string): Promise<AtHand> {
  const { workspaceId } = scope;
  const { stamp, timeZone, currency } = await stampOf(scope);
  const known = kept.get(workspaceId);
  if (known?.stamp === stamp && performance.now() < known.until) return known.hand;
  const hand = await readDeals(scope, { now, timeZone, currency });
  kept.delete(workspaceId);
  kept.set(workspaceId, { stamp, until: performance.now() + KEPT_FOR, hand });
  letGo();
  return hand;
}

/** What rules in force say of the deals at hand; reckoned once for the same rules. */
export function judge(
  hand: AtHand,
  { rules, overrides }: Pick<InForce, 'rules' | 'overrides'>,
): Judged {
  const key = createHash('sha256')
    .update(JSON.stringify([rules, overrides]))
    .digest('hex');
  const known = hand.judged.get(key);
  if (known) return known;
  const judged = judgedBy(hand, compileRules(rules, overrides));
  if (hand.judged.size > 5) hand.judged.clear();
  hand.judged.set(key, judged);
  return judged;
}

/** What one deal's findings come to when one rule is replaced by another. */
export function healthWith(
  { deals }: AtHand,
  { counts, firing }: Judged,
  {
    before,
    after,
  }: { before?: Pick<Rule, 'id' | 'severity'> | undefined; after: Map<number, Severity> },
): number {
  const was = new Set(before ? firing.get(before.id) : []);
  return pipelineHealth(
    deals.map(({ amountCents }, place) => {
      let count = counts[place]!;
      if (was.has(place)) count = added(count, before!.severity, -1);
      const severity = after.get(place);
      if (severity) count = added(count, severity, 1);
      return { amountCents, health: healthOf(count) };
    }),
  );
}

function added(counts: Counts, severity: Severity, by: number): Counts {
  const name = severity.toLowerCase() as keyof Counts;
  return { ...counts, [name]: counts[name] + by };
}

function judgedBy({ deals, at }: AtHand, { run, rules }: Compiled): Judged {
  const firing = new Map<string, number[]>(rules.map(({ id }) => [id, []]));
  const counts = deals.map(({ facts }, place) => {
    const violations: Violation[] = run(facts, at);
    for (const { ruleId } of violations) firing.get(ruleId)!.push(place);
    return countsOf(violations);
  });
  const health = pipelineHealth(
    deals.map(({ amountCents }, place) => ({ amountCents, health: healthOf(counts[place]!) })),
  );
  return { firing, counts, health };
}

async function readDeals(scope: Scope, at: Required<At>): Promise<AtHand> {
  const { now } = at;
  const crowd = await crowdOf(scope, now);
  const deals: DealFacts[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof dealFacts>> = await dealFacts(scope, { now, after });
    for (const deal of page.deals)
      deals.push({ ...deal, facts: crowdFacts(deal.facts, crowd, now) });
    after = page.next;
  } while (after && deals.length < MOST_DEALS);
  return { at, deals, isPart: after !== null, judged: new Map() };
}

/** What changes with any deal, and where and in what money the workspace is. */
async function stampOf({ db }: Scope) {
  const { rows } = await sql<{ stamp: string; timeZone: string; currency: string }>`
    select concat_ws(' ', w.time_zone, w.currency, (select max(updated_at) from deals), d.count, d.last) as stamp,
      w.time_zone, w.currency
    from workspaces w cross join (
      select count(*), max(last_activity_at) as last from deals where status = 'open' and deleted_at is null) d`.execute(
    db,
  );
  return rows[0]!;
}

/** The workspaces that were asked about longest ago are let go of. */
function letGo(): void {
  const moment = performance.now();
  for (const [id, { until }] of kept) if (until < moment) kept.delete(id);
  let deals = [...kept.values()].reduce((sum, { hand }) => sum + hand.deals.length, 0);
  for (const [id, { hand }] of kept) {
    if (deals <= KEPT_DEALS || kept.size === 1) return;
    deals -= hand.deals.length;
    kept.delete(id);
  }
}
