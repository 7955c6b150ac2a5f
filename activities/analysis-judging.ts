import type { JudgedDeal } from '#db/analysis-rows.ts';
import type { AnalysisWork } from '#db/analysis-turns.ts';
import { compileRules } from '#rules/compile.ts';
import { crowdFacts } from '#rules/crowd.ts';
import { factsOfColumns, following } from '#rules/deal-row.ts';
import { type HealthSum, healthOf, withDeal } from '#rules/health.ts';

type Unjudged = Omit<JudgedDeal, 'health' | 'violations'>;

/** Says what is wrong with one deal, and adds up how well several are. */
export interface Judge {
  (deal: Unjudged): JudgedDeal;
  sum(before: HealthSum, deals: JudgedDeal[]): HealthSum;
}

/** Judges by the rules as they were when the analysis began, at that moment, beside all of its deals. */
export function judgeOf({ rules, crowd, startedAt, zone, ...work }: AnalysisWork): Judge {
  const compiled = compileRules(rules);
  const at = { now: startedAt, timeZone: zone };
  // What a file does not say is not known, which is not the same as empty.
  const known = work.source === 'file' ? factsOfColumns(work) : undefined;
  const unknown = [...Object.keys(following), 'quotaGapPercent'].filter(
    (fact) => known && !known.has(fact),
  );
  function judge(deal: Unjudged): JudgedDeal {
    const facts = crowdFacts(deal.facts, crowd!, startedAt);
    for (const fact of unknown) delete facts[fact];
    const violations = compiled.run(facts, at);
    const { line, subject, name, stage, owner, ownerId, company, amountCents } = deal;
    return {
      ...{ line, subject, name, stage, owner, ownerId, company, amountCents, facts, violations },
      ...(deal.dealId && { dealId: deal.dealId }),
      ...(deal.custom && { custom: deal.custom }),
      health: healthOf(violations),
    };
  }
  return Object.assign(judge, {
    sum: (before: HealthSum, deals: JudgedDeal[]) => deals.reduce(withDeal, before),
  });
}
