import type { Cited, Judgement } from '#domain/assessment.ts';
import type { RuleFacts, Severity } from '#domain/rule.ts';
import { daysSince, doubtsOf, inDays } from './doubts.ts';
import { say } from './message.ts';
import { momentOf } from './moment.ts';

/** A rule that fired on the deal. */
export interface Told {
  ruleId: string;
  severity: Severity;
  message: string;
  remediation: string;
  /** The facts that the rule looks at. */
  cites: string[];
}

/** All that is known of one deal, and nothing else. */
export interface Assessable {
  facts: RuleFacts;
  findings: Told[];
  /** ISO 4217. */
  currency: string;
  /** An ISO instant. */
  now: string;
}

const MOST = 6;

/** The judgement that needs no model: the same facts always give the same words. */
export function judgedByRules(deal: Assessable): Judgement {
  const told = deal.findings.map((finding) => ({
    risk: { text: finding.message, cites: citesOf(finding, deal.facts) },
    next: { text: finding.remediation, cites: citesOf(finding, deal.facts) },
  }));
  const said = new Set(told.flatMap(({ risk }) => risk.cites));
  const doubts = doubtsOf(deal)
    .filter(({ cites }) => !cites.some((name) => said.has(name)))
    .map(({ risk, next, cites }) => ({ risk: { text: risk, cites }, next: { text: next, cites } }));
  const all = [...told, ...doubts];
  return {
    text: `${standingOf(deal)} ${summaryOf(deal.findings, all.length)}`,
    risks: all.slice(0, MOST).map(({ risk }) => risk),
    nextActions: once(all.map(({ next }) => next)).slice(0, MOST),
  };
}

/** A finding rests on the facts of its rule; where none is at hand, on the rule itself. */
function citesOf({ ruleId, cites }: Told, facts: RuleFacts): string[] {
  const known = cites.filter((name) => facts[name] !== undefined);
  return known.length > 0 ? known : [`rule.${ruleId}`];
}

/** Two rules may ask for the same thing. */
function once(actions: Cited[]): Cited[] {
  const byText = Map.groupBy(actions, ({ text }) => text);
  return [...byText].map(([text, same]) => ({
    text,
    cites: [...new Set(same.flatMap(({ cites }) => cites))],
  }));
}

function standingOf({ facts, currency, now }: Assessable): string {
  const { name, amountCents, stageName, stageEnteredAt, expectedCloseOn } = facts;
  const parts = [typeof name === 'string' ? name : 'The deal'];
  if (typeof amountCents === 'number')
    parts.push(`is worth ${moneyOf(amountCents, currency)}${stageName ? ' and' : ''}`);
  if (typeof stageName === 'string') {
    const days = daysSince(stageEnteredAt, now);
    parts.push(
      days === undefined
        ? `stands in ${stageName}`
        : `has stood in ${stageName} for ${inDays(days)}`,
    );
  }
  const moment = momentOf({ now, timeZone: 'UTC', currency });
  const closes =
    typeof expectedCloseOn === 'string'
      ? ` It is expected to close on ${say(expectedCloseOn, { type: 'date' }, moment)}.`
      : '';
  if (parts.length === 1) parts.push('is looked at');
  return `${parts.join(' ')}.${closes}`;
}

function summaryOf(findings: Told[], all: number): string {
  const critical = findings.filter(({ severity }) => severity === 'CRITICAL').length;
  if (all === 0) return 'Nothing that is known speaks against it.';
  if (all === 1) return `One ${critical > 0 ? 'critical ' : ''}thing speaks against it.`;
  return `${all} things speak against it${critical > 0 ? `, ${critical} of them critical` : ''}.`;
}

function moneyOf(cents: number, currency: string): string {
  const style = { style: 'currency', currency } as const;
  const { maximumFractionDigits: digits = 2 } = new Intl.NumberFormat(
    'en',
    style,
  ).resolvedOptions();
  return new Intl.NumberFormat('en', style).format(cents / 10 ** digits);
}
