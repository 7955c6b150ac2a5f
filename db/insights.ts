import {
  type DealInsight,
  dealInsights,
  type Insight,
  type InsightFilter,
  insightOfDeal,
  insightOfLeads,
  leadInsights,
  severities,
} from '#domain/insight.ts';
import { InsightSettings } from '#domain/insight-settings.ts';
import { findDealInsights, type Wanted } from './insight-deals.ts';
import { findLeadInsights } from './insight-leads.ts';
import { settingsOf } from './overrides.ts';
import type { Scope } from './scope.ts';

export interface Insights {
  /** How many of those that are wanted there are of each severity, shown or not. */
  counts: Record<Insight['severity'], number>;
  insights: Insight[];
}

/** What is worth a word now and was not put off, what is worst and largest first. */
export async function listInsights(
  scope: Scope,
  { now, limit, filter = {} }: { now: string; limit: number; filter?: InsightFilter },
): Promise<Insights> {
  const { insights, counts } = await find(scope, { now, limit, filter });
  const sorted = insights.toSorted((one, other) => rankOf(one) - rankOf(other));
  return { counts, insights: sorted.slice(0, limit) };
}

/** One of them, if it is still true and was not put off. */
export async function findInsight(
  scope: Scope,
  id: string,
  now: string,
): Promise<Insight | undefined> {
  const only = partsOf(id);
  if (!only) return undefined;
  const { insights } = await find(scope, { now, limit: 1, only });
  return insights[0];
}

/** `stalled:<deal id>` is a kind and whom it is about. */
export function partsOf(id: string): { kind: string; of: string } | undefined {
  const [kind, ...rest] = id.split(':');
  const of = rest.join(':');
  return of && isOne([...dealInsights, ...leadInsights], kind!) ? { kind: kind!, of } : undefined;
}

async function find(scope: Scope, wanted: Wanted): Promise<Insights> {
  const settings = await settingsOf(scope, 'insights', InsightSettings);
  const { only } = wanted;
  const deals =
    !only || isOne(dealInsights, only.kind)
      ? await findDealInsights(scope, settings, wanted)
      : { found: [], counts: {} };
  const waiting =
    !only || isOne(leadInsights, only.kind) ? await findLeadInsights(scope, settings, wanted) : [];
  const leads = waiting.filter((found) => fits(found, wanted.filter));
  const { currency } = await scope.db
    .selectFrom('workspaces')
    .select('currency')
    .executeTakeFirstOrThrow();
  const { now } = wanted;
  const around = { currency, now, followUp: settings.action.followUpSequenceId };
  const counts = { critical: 0, warning: 0, info: 0, ...deals.counts };
  for (const { severity } of leads) counts[severity] += 1;
  return {
    counts,
    insights: [
      ...deals.found.map(({ kind, severity, ...deal }) =>
        insightOfDeal(kind satisfies DealInsight, deal, { severity, ...around }),
      ),
      ...leads.map(({ kind, severity, ...facts }) =>
        insightOfLeads(kind, facts, { severity, ...around }),
      ),
    ],
  };
}

function fits(
  found: Pick<Insight, 'severity' | 'kind'> & { source: string },
  { severity, kind, source }: InsightFilter = {},
): boolean {
  return (
    (!severity || severity === found.severity) &&
    (!kind || kind === found.kind) &&
    (!source || source === found.source)
  );
}

function rankOf({ severity }: Insight): number {
  return severities.indexOf(severity);
}

function isOne(kinds: readonly string[], kind: string): boolean {
  return kinds.includes(kind);
}
