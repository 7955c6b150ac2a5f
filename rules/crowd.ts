import type { RuleFacts } from '#domain/rule.ts';
import { type Crowd, quarterEnd, quarterOf, quotaKey, twinKey } from '#domain/rule-crowd.ts';
import { DAY, dateOf, instantOf } from './moment.ts';

/**
 * Takes in deals one by one, the first of two passes, and says at the end what they are together. Asks of each:
 * stageKind (open if it is not said), companyName, amountCents, expectedCloseOn, createdAt, wonAt.
 */
export function crowdOf(quotaGaps: Crowd['quotaGaps'] = {}): {
  add(facts: RuleFacts): void;
  whole(): Crowd;
} {
  const amounts: number[] = [];
  const cycles: number[] = [];
  const alike = new Map<string, number>();
  const quarters: Crowd['quarters'] = {};
  return {
    add(facts) {
      const { stageKind, companyName, amountCents, expectedCloseOn } = facts;
      if (stageKind === 'won') {
        const days = (timeOf(facts['wonAt']) - timeOf(facts['createdAt'])) / DAY;
        if (days >= 0) cycles.push(days);
      }
      if (stageKind === 'won' || stageKind === 'lost') return;
      if (typeof amountCents !== 'number' || !(amountCents > 0)) return;
      amounts.push(amountCents);
      if (typeof companyName === 'string') {
        const key = twinKey(companyName, amountCents);
        alike.set(key, (alike.get(key) ?? 0) + 1);
      }
      if (!isDay(expectedCloseOn)) return;
      const quarter = (quarters[quarterOf(expectedCloseOn)] ??= { cents: 0, lastWeekCents: 0 });
      quarter.cents += amountCents;
      if (daysToEnd(expectedCloseOn) < 7) quarter.lastWeekCents += amountCents;
    },
    whole() {
      const twins = Object.fromEntries([...alike].filter(([, count]) => count > 1));
      const [medianCents, medianCycleDays] = [medianOf(amounts), medianOf(cycles)];
      return { medianCents, medianCycleDays, twins, quarters, quotaGaps };
    },
  };
}

/** The second pass: a deal's facts with those that depend on all the others. `now` is an instant. */
export function crowdFacts(facts: RuleFacts, crowd: Crowd, now: string): RuleFacts {
  const { companyName, amountCents, expectedCloseOn, ownerId, ownerName } = facts;
  const hasAmount = typeof amountCents === 'number' && amountCents > 0;
  const age = (instantOf(now) - timeOf(facts['createdAt'])) / DAY;
  const closes = isDay(expectedCloseOn) ? expectedCloseOn : undefined;
  const quarter = closes && crowd.quarters[quarterOf(closes)];
  const owner = ownerId ?? ownerName;
  const twins =
    hasAmount && typeof companyName === 'string'
      ? Math.max(0, (crowd.twins[twinKey(companyName, amountCents)] ?? 0) - 1)
      : null;
  return {
    ...facts,
    sameCompanyAndAmount: twins,
    amountToMedian: hasAmount ? ratio(amountCents, crowd.medianCents) : null,
    ageToMedianCycle: Number.isNaN(age) ? null : ratio(age, crowd.medianCycleDays),
    daysToQuarterEnd: closes ? daysToEnd(closes) : null,
    quarterEndShare: quarter ? ratio(quarter.lastWeekCents * 100, quarter.cents) : null,
    quotaGapPercent:
      closes && typeof owner === 'string'
        ? (crowd.quotaGaps[quotaKey(owner, closes.slice(0, 7))] ?? null)
        : null,
  };
}

/** To a hundredth; nothing against nothing. */
function ratio(one: number, other: number | null): number | null {
  return other ? Math.round((one / other) * 100) / 100 : null;
}

function medianOf(values: number[]): number | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function daysToEnd(day: string): number {
  return dateOf(quarterEnd(quarterOf(day))) - dateOf(day);
}

function isDay(fact: unknown): fact is string {
  return typeof fact === 'string' && !Number.isNaN(dateOf(fact));
}

function timeOf(fact: unknown): number {
  if (typeof fact !== 'string') return NaN;
  return fact.length === 10 ? dateOf(fact) * DAY : instantOf(fact);
}
