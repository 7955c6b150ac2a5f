import type { RuleFacts } from '#domain/rule.ts';

const DAY = 24 * 60 * 60 * 1000;

export interface Doubt {
  holds: boolean;
  risk: string;
  next: string;
  cites: string[];
}

/** What is missing or does not add up on a deal that is not closed, the most pressing first. */
export function doubtsOf({ facts, now }: { facts: RuleFacts; now: string }): Doubt[] {
  const kind = facts['stageKind'];
  // What is won or lost needs no next step.
  if (kind === 'won' || kind === 'lost') return [];
  const quiet = daysSince(facts['lastActivityAt'], now) ?? 0;
  const waits = daysSince(facts['unansweredSince'], now);
  const stands = daysSince(facts['stageEnteredAt'], now) ?? 0;
  const closes = facts['expectedCloseOn'];
  const pushes = numberOf(facts['closePushes']);
  const overdue = numberOf(facts['overdueTasks']);
  const dropped = numberOf(facts['engagementDropPercent']);
  const { competitor } = facts;
  const doubts: [boolean, string, string, string][] = [
    [
      waits !== undefined,
      `They have waited ${inDays(waits ?? 0)} for an answer.`,
      'Answer them today.',
      'unansweredSince',
    ],
    [
      typeof closes === 'string' && closes < now.slice(0, 10),
      `It should have closed on ${String(closes)}.`,
      'Put the close date where it belongs.',
      'expectedCloseOn',
    ],
    [closes === null, 'No close date is set.', 'Ask when they decide.', 'expectedCloseOn'],
    [quiet >= 14, `Nothing has happened for ${quiet} days.`, 'Get in touch.', 'lastActivityAt'],
    [
      facts['contactCount'] === 0,
      'Nobody is named on the other side.',
      'Say whom we talk to.',
      'contactCount',
    ],
    [
      facts['hasDecisionMaker'] === false && facts['contactCount'] !== 0,
      'Nobody who decides is known.',
      'Find out who signs, and meet them.',
      'hasDecisionMaker',
    ],
    [facts['nextStep'] === null, 'No next step is planned.', 'Agree on a next step.', 'nextStep'],
    [
      pushes >= 2,
      `The close date was put later ${pushes} times.`,
      'Find out what keeps them from deciding.',
      'closePushes',
    ],
    [
      overdue > 0,
      `${overdue === 1 ? 'One task is' : `${overdue} tasks are`} overdue.`,
      'Do what is overdue, or take it away.',
      'overdueTasks',
    ],
    [
      dropped >= 50,
      `They answer ${dropped} % less than before.`,
      'Ask whether it still matters to them.',
      'engagementDropPercent',
    ],
    [
      typeof competitor === 'string' && competitor !== '',
      `${String(competitor)} is in the running too.`,
      'Say what they get only from us.',
      'competitor',
    ],
    [
      stands >= 45,
      `It has stood in its stage for ${stands} days.`,
      'Move it on, or back to where it is.',
      'stageEnteredAt',
    ],
    [facts['amountCents'] === null, 'It has no amount.', 'Find out the budget.', 'amountCents'],
    [facts['ownerName'] === null, 'Nobody owns it.', 'Give it an owner.', 'ownerName'],
  ];
  return doubts
    .map(([holds, risk, next, cite]) => ({ holds, risk, next, cites: [cite] }))
    .filter(({ holds }) => holds);
}

/** Whole days since a day or an instant; nothing where it is not known. */
export function daysSince(value: RuleFacts[string], now: string): number | undefined {
  const at = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, Math.floor((Date.parse(now) - at) / DAY));
}

export function inDays(days: number): string {
  return days === 0 ? 'less than a day' : days === 1 ? 'one day' : `${days} days`;
}

function numberOf(value: RuleFacts[string]): number {
  return typeof value === 'number' ? value : 0;
}
