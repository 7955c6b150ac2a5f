export const factTypes = ['text', 'number', 'money', 'date', 'instant', 'flag', 'list'] as const;
export type FactType = (typeof factTypes)[number];

export interface Fact {
  type: FactType;
  /** Of numbers: what is counted. Money is in minor units of the workspace's currency. */
  unit?: 'percent' | 'days' | 'times' | 'count' | 'ratio';
  label: string;
  /** Where it comes from, as its page says it. */
  from: string;
  /** Whether a column of a file may say it. */
  inFiles: boolean;
}

/**
 * Everything that a rule may ask of a deal. Three states: a value; null, which is known to be empty and is what
 * `is_empty` finds; and left out, which nobody knows (a file without that column) and for which nothing fires.
 * Dates are days such as 2026-03-14, instants are ISO with their zone, percents are 40 for 40 %.
 */
export const facts = {
  // Who and what
  name: text('Name', 'The deal.', true),
  source: text('Source', 'How the deal came in: by hand, from a form, a file or a connection.'),
  leadSource: text('Lead source', 'Where its lead came from; null without one.', true),
  companyName: text('Company', 'The company of the deal; null without one.', true),
  ownerId: text('Owner’s id', 'Who owns the deal; null for nobody.'),
  ownerName: text('Owner', 'The name of its owner; null for nobody.', true),
  ownerIsActive: flag('Owner is active', 'Whether its owner is still a member. Null for nobody.'),
  tags: list('Tags', 'The tags of the deal.', true),
  competitor: text('Competitor', 'Named on the deal; null for none.', true),
  createdAt: instant('Created', 'When the deal was made.', true),

  // Amount
  amountCents: money(
    'Amount',
    'The sum of its lines, else what was typed; null for neither.',
    true,
  ),
  lineCount: count('Product lines', 'Lines on the deal.', true),
  maxDiscountPercent: percent('Largest discount', 'Of its lines; null without lines.', true),
  discountApprovedAt: instant(
    'Discount approved',
    'When somebody with the right to approve it did; null until then.',
    true,
  ),

  // Stage
  stage: text('Stage', 'The slug of its stage.', true),
  stageName: text('Stage’s name', 'The name of its stage.', true),
  stageKind: text('Kind of stage', 'open, won or lost.', true),
  stagePosition: count('Stage’s place', 'From 0 in its pipeline.'),
  stageProbability: percent('Probability of the stage', 'What its pipeline says of the stage.'),
  stageEnteredAt: instant('In stage since', 'When it came into its stage.', true),
  stagesSkipped: count('Stages skipped', 'Stages in between that its last move on left out.'),
  movedBackAt: instant('Moved back', 'When it last went to an earlier stage; null for never.'),
  proposalSentAt: instant(
    'Proposal sent',
    'When it was first in a stage called proposal, or a document was sent; null for never.',
    true,
  ),

  // Forecast
  probability: percent('Probability', 'What the deal says; null for nothing.', true),
  probabilityGap: percent('Probability off its stage', 'Points between the deal and its stage.'),
  forecastCategory: text('Forecast category', 'pipeline, best_case, commit or omitted.', true),
  expectedCloseOn: date('Close date', 'The day it is expected to close; null for none.', true),
  closePushes: number('Close date pushed', 'How often it was put later.', 'times', true),
  leftOutBecause: text('Left out because', 'Why a person left it out of the forecast, or null.'),
  wonAt: instant('Won', 'When it was won, or null.', true),
  lostAt: instant('Lost', 'When it was lost, or null.', true),
  lostReason: text('Lost because', 'The reason of the loss; null for none.', true),

  // What happens
  lastActivityAt: instant('Last activity', 'The last thing that happened on it.', true),
  nextStep: text('Next step', 'Its next action; null for none.', true),
  nextStepAt: instant('Next step due', 'When its next action is due; null for no time.', true),
  overdueTasks: count('Overdue tasks', 'Open tasks of the deal that were due before now.', true),
  meetingsInStage: count('Meetings in stage', 'Meetings held since it came into its stage.', true),
  touchesSinceReply: count('Touches since a reply', 'Sent by us since they last answered.', true),
  unansweredSince: instant(
    'Unanswered since',
    'Their oldest message after our last one; else null.',
  ),
  engagementDropPercent: percent(
    'Engagement dropped by',
    'Touchpoints of 14 days against the 14 before; null where there were too few.',
  ),

  // People
  contactCount: count('Contacts', 'People of the deal and of its company who took part.', true),
  primaryContactName: text('Contact', 'Its first contact; null for none.', true),
  primaryContactEmail: text('Contact’s e-mail', 'As it is written down; null for none.', true),
  hasDecisionMaker: flag('Decision maker known', 'Whether one of its contacts decides.', true),
  contactIsDoNotContact: flag(
    'Do not contact',
    'Whether its contact asked not to be contacted.',
    true,
  ),
  ineligibleSms: count('SMS to ineligible numbers', 'Sent or waiting without consent or a mobile.'),
  signedDocuments: count('Signed documents', 'Attachments that are signed agreements.', true),

  // Beside the others: rules/crowd.ts
  sameCompanyAndAmount: count('Twins', 'Other open deals of its company with its amount.', true),
  amountToMedian: number('Amount to median', 'Its amount over that of open deals.', 'ratio', true),
  ageToMedianCycle: number('Age to usual cycle', 'Its age over that of won deals.', 'ratio', true),
  daysToQuarterEnd: number('Days to quarter end', 'From its close date.', 'days', true),
  quarterEndShare: percent(
    'Closes at quarter end',
    'Of what closes in its quarter, the share of the last week.',
    true,
  ),
  quotaGapPercent: percent(
    'Gap to quota',
    'What won and weighted deals of its month leave of its owner’s quota; null without a quota.',
  ),
} satisfies Record<string, Fact>;

export type FactName = keyof typeof facts;

const custom: Fact = {
  ...{ type: 'text', label: 'Custom field', inFiles: true },
  from: 'A column of the file that is no field of ours.',
};

/** What a name in a rule stands for; `custom.<column>` is any column of a file. Nothing for a name nobody knows. */
export function factOf(name: string): Fact | undefined {
  if (Object.hasOwn(facts, name)) return facts[name as FactName];
  return name.startsWith('custom.') && name.length > 7 ? custom : undefined;
}

function text(label: string, from: string, inFiles = false): Fact {
  return { type: 'text', label, from, inFiles };
}

function list(label: string, from: string, inFiles = false): Fact {
  return { type: 'list', label, from, inFiles };
}

function flag(label: string, from: string, inFiles = false): Fact {
  return { type: 'flag', label, from, inFiles };
}

function money(label: string, from: string, inFiles = false): Fact {
  return { type: 'money', label, from, inFiles };
}

function date(label: string, from: string, inFiles = false): Fact {
  return { type: 'date', label, from, inFiles };
}

function instant(label: string, from: string, inFiles = false): Fact {
  return { type: 'instant', label, from, inFiles };
}

function count(label: string, from: string, inFiles = false): Fact {
  return number(label, from, 'count', inFiles);
}

function percent(label: string, from: string, inFiles = false): Fact {
  return number(label, from, 'percent', inFiles);
}

function number(
  label: string,
  from: string,
  unit: NonNullable<Fact['unit']>,
  inFiles = false,
): Fact {
  return { type: 'number', unit, label, from, inFiles };
}
