import type { LeftOut } from '#domain/forecast-page.ts';
import type { StepKind, Waterfall } from '#domain/waterfall.ts';
import { asDate } from './month.ts';

/** What makes a deal that is left out count, in a word on a button. */
export const fixes: Record<LeftOut['fix'], string> = {
  set_date: 'Set date',
  set_probability: 'Set probability',
  open_stage: 'Open deal',
  count_it: 'Count it',
};

/** How far a figure is from another, in percent of it: `+6.8%`. */
export function asPercent(percent: number | null, digits = 1): string {
  if (percent === null) return '–';
  const size = Math.abs(percent).toFixed(digits).replace(/\.0$/, '');
  return `${percent > 0 ? '+' : percent < 0 ? '−' : ''}${size}%`;
}

/** An amount as a person types it, in minor units; nothing when it is not one. */
export function centsOf(text: string | number | null | undefined): number | undefined {
  const plain = String(text ?? '').replace(/[^\d.]/g, '');
  if (plain === '' || !Number.isFinite(Number(plain))) return undefined;
  return Math.round(Number(plain) * 100);
}

/** What moved a forecast, in words. */
export const stepWords: Record<StepKind, string> = {
  new: 'New',
  pulled_in: 'Pulled in',
  pushed: 'Pushed out',
  amount_up: 'Amount up',
  amount_down: 'Amount down',
  stage: 'Stage moved',
  more_likely: 'More likely',
  less_likely: 'Less likely',
  counted: 'Counted again',
  left_out: 'Left out',
  won: 'Won',
  lost: 'Lost',
  reopened: 'Reopened',
  removed: 'Removed',
  lapsed: 'Date passed',
};

type Change = Pick<Waterfall['steps'][number]['deals'][number], 'before' | 'after'>;
interface Words {
  money: (cents: number) => string;
  stage: (id: string) => string;
}

/** One change of one deal: `30 Mar → 12 Apr`, `55% → 45%`, `Proposal → Negotiation`. */
export function asChange(kind: StepKind, { before, after }: Change, words: Words): string {
  if (kind === 'new') return 'New since then';
  if (kind === 'removed') return 'Gone since then';
  if (kind === 'won' && before === null) return 'New and won since then';
  if (kind === 'lapsed') return `Its close date, ${asDate(String(before))}, passed`;
  const isDated = [before, after].some((value) => value !== null && isDate(value));
  const none = isDated ? 'no date' : 'counted';
  const [from, to] = [before, after].map((value) => side(kind, value ?? none, words));
  return `${from} → ${to}`;
}

function side(kind: StepKind, value: string | number, { money, stage }: Words): string {
  if (kind === 'stage') return stage(String(value));
  if (kind === 'amount_up' || kind === 'amount_down') return money(Number(value));
  if (typeof value === 'number') return `${value}%`;
  return isDate(value) ? asDate(value) : value;
}

function isDate(value: string | number): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(String(value));
}
