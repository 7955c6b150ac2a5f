import type { Leaf, Rule, RuleCondition, RuleFacts } from '#domain/rule.ts';

/** A hundred rules: those of the house, and others made of their conditions. */
export function hundredRules(rules: Rule[]): Rule[] {
  const plain = rules.filter(({ id }) => id !== 'inbound_unanswered_24h');
  const more = Array.from({ length: 100 - rules.length }, (_, at): Rule => {
    const one = plain[at % plain.length]!;
    const other = plain[(at * 7 + 3) % plain.length]!;
    const [a, b] = [inlined(one, at % 5), inlined(other, 0)];
    const conditions = [a, { all_of: [a, b] }, { any_of: [a, b] }, { all_of: [a, { not: b }] }];
    const condition = conditions[at % conditions.length]!;
    return { ...one, id: `${one.id}_${at}`, condition, thresholds: {}, message: one.name };
  });
  return [...rules, ...more];
}

/** A condition without thresholds, its numbers by some more. */
function inlined({ condition, thresholds }: Rule, more: number): RuleCondition {
  if ('not' in condition)
    return { not: inlined({ condition: condition.not, thresholds } as Rule, more) };
  if ('field' in condition) return leaf(condition);
  const isAll = 'all_of' in condition;
  const parts = (isAll ? condition.all_of : condition.any_of).map((one) =>
    inlined({ condition: one, thresholds } as Rule, more),
  );
  return isAll ? { all_of: parts } : { any_of: parts };

  function leaf(one: Leaf): Leaf {
    if (typeof one.value !== 'object' || Array.isArray(one.value)) return one;
    return { ...one, value: thresholds[one.value.threshold]!.value + more };
  }
}

const stages = [
  'discovery',
  'qualification',
  'proposal',
  'negotiation',
  'closed_won',
  'closed_lost',
];
const names = [
  'Discovery',
  'Qualification',
  'Proposal',
  'Negotiation',
  'Closed won',
  'Closed lost',
];

/** Made-up deals, the same each time, with all their facts; about one in seven facts is empty. */
export function dealRows(count: number, now: string): RuleFacts[] {
  let seed = 42;
  function chance(): number {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  }
  function upTo(most: number): number {
    return Math.floor(chance() * most);
  }
  function maybe<T>(value: T): T | null {
    return chance() < 0.15 ? null : value;
  }
  function instant(days: number): string {
    return new Date(Date.parse(now) - upTo(days * 86_400) * 1000).toISOString();
  }
  return Array.from({ length: count }, (_, at) => {
    const place = upTo(20) === 0 ? 4 + upTo(2) : upTo(4);
    const [stageProbability, probability] = [20 * (place + 1), upTo(101)];
    return {
      ...{
        name: `Deal ${at}`,
        stage: stages[place]!,
        stageName: names[place]!,
        stagePosition: place,
      },
      ...{ stageKind: ['won', 'lost'][place - 4] ?? 'open', stageProbability, probability },
      probabilityGap: Math.abs(probability - stageProbability),
      ...{ companyName: maybe(`Firm ${upTo(count / 3)}`), ownerId: maybe(`u${upTo(40)}`) },
      ...{ ownerName: maybe(`Owner ${upTo(40)}`), ownerIsActive: chance() > 0.05 },
      ...{ leadSource: maybe('Referral'), amountCents: maybe(upTo(9_000_000)), lineCount: upTo(4) },
      ...{ maxDiscountPercent: upTo(35), discountApprovedAt: maybe(instant(90)) },
      expectedCloseOn: maybe(
        new Date(Date.parse(now) + (upTo(300) - 40) * 86_400_000).toISOString().slice(0, 10),
      ),
      ...{ createdAt: instant(400), stageEnteredAt: instant(60), lastActivityAt: instant(45) },
      ...{ nextStep: maybe('Call'), nextStepAt: maybe(instant(9)), overdueTasks: upTo(5) },
      ...{ closePushes: upTo(5), stagesSkipped: upTo(2), movedBackAt: maybe(instant(400)) },
      ...{ proposalSentAt: maybe(instant(90)), forecastCategory: ['pipeline', 'commit'][upTo(2)]! },
      ...{
        meetingsInStage: upTo(3),
        touchesSinceReply: upTo(8),
        unansweredSince: maybe(instant(3)),
      },
      ...{ engagementDropPercent: maybe(upTo(100)), contactCount: upTo(5) },
      ...{
        primaryContactName: maybe('Dana'),
        primaryContactEmail: maybe(`dana${at}@firm.example`),
      },
      ...{ hasDecisionMaker: chance() > 0.4, contactIsDoNotContact: chance() < 0.02 },
      ...{
        ineligibleSms: upTo(50) === 0 ? 1 : 0,
        signedDocuments: upTo(2),
        lostReason: maybe('price'),
      },
      ...{ sameCompanyAndAmount: upTo(40) === 0 ? 1 : 0, amountToMedian: upTo(500) / 100 },
      ...{
        ageToMedianCycle: upTo(300) / 100,
        daysToQuarterEnd: upTo(90),
        quarterEndShare: upTo(60),
      },
      quotaGapPercent: maybe(upTo(60)),
    };
  });
}
