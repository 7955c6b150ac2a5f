import { type Deal, type dealStatuses, weightedCents } from '#domain/deal.ts';
import type { Stage } from '#domain/pipeline.ts';
import { asCount, asMoney } from './format.ts';

export type { Deal, RiskFactor } from '#domain/deal.ts';
export type { Pipeline, Stage } from '#domain/pipeline.ts';

type Tone = 'neutral' | 'success' | 'warn' | 'danger' | 'info' | 'accent';

const DAY = 24 * 60 * 60 * 1000;
const QUIET_DAYS = 14;
const SOON_DAYS = 7;

/** The names that a stage's colour may have, as tokens. */
const colours: Record<string, string> = {
  slate: 'var(--stage-discovery)',
  blue: 'var(--stage-qualification)',
  violet: 'var(--stage-proposal)',
  amber: 'var(--stage-negotiation)',
  green: 'var(--stage-won)',
  red: 'var(--stage-lost)',
};
export const colourNames = Object.keys(colours);

export function colourOf({ colour }: Pick<Stage, 'colour'>): string {
  return colours[colour] ?? 'var(--stage-discovery)';
}

export const bands = {
  low: { label: 'Low', tone: 'success' },
  medium: { label: 'Medium', tone: 'warn' },
  high: { label: 'High', tone: 'danger' },
} as const satisfies Record<NonNullable<Deal['riskBand']>, { label: string; tone: Tone }>;

export const dealStates: Record<(typeof dealStatuses)[number], { label: string; tone: Tone }> = {
  open: { label: 'Open', tone: 'accent' },
  won: { label: 'Won', tone: 'success' },
  lost: { label: 'Lost', tone: 'neutral' },
};

export interface Mark {
  label: string;
  tone: 'danger' | 'warn';
}

type Marked = Pick<
  Deal,
  | ('status' | 'riskBand' | 'expectedCloseOn' | 'lastActivityAt')
  | ('nextAction' | 'nextActionAt' | 'leftOutBecause')
>;

/** What is wrong with an open deal, the worst first and two at most; nothing when nothing is. */
export function marksOf(deal: Marked, now: Date): Mark[] {
  if (deal.status !== 'open') return [];
  const marks: Mark[] = [];
  const left = daysUntil(deal.expectedCloseOn, now);
  const quiet = Math.floor((now.getTime() - Date.parse(deal.lastActivityAt)) / DAY);
  if (left !== undefined && left < 0) {
    marks.push({ label: `Close date ${-left} d ago`, tone: 'danger' });
  }
  if (deal.riskBand === 'high') marks.push({ label: 'High risk', tone: 'danger' });
  if (left !== undefined && left >= 0 && left <= SOON_DAYS && quiet >= SOON_DAYS) {
    marks.push({ label: left === 0 ? 'Closes today' : `Closes in ${left} d`, tone: 'danger' });
  }
  if (quiet >= QUIET_DAYS) marks.push({ label: `Quiet ${quiet} d`, tone: 'warn' });
  if (!deal.nextAction && !deal.nextActionAt) marks.push({ label: 'No next step', tone: 'warn' });
  return marks.slice(0, 2);
}

/** The second line of a card: the company, unless the deal is called by it. */
export function partyOf({ name, companyName, contactName }: Deal): string {
  const party = companyName ?? contactName ?? '';
  return party && !name.includes(party) ? party : (contactName ?? '');
}

/** Whose it is, in words. Who is not among the members has left, unless they could not be read. */
export function ownerOf(
  ownerId: string | null,
  people: { userId: string; name: string }[],
): string {
  if (!ownerId) return 'Nobody';
  const unknown = people.length > 0 ? 'A former member' : '–';
  return people.find(({ userId }) => userId === ownerId)?.name ?? unknown;
}

/** Whether what was to be done next is not done in time. */
export function isLate(
  { status, nextActionAt }: Pick<Deal, 'status' | 'nextActionAt'>,
  now: Date,
): boolean {
  return status === 'open' && nextActionAt !== null && Date.parse(nextActionAt) < now.getTime();
}

/** What is next and when, `Call, 19 Nov (late)`; nothing when nothing is planned. */
export function nextOf(
  deal: Pick<Deal, 'status' | 'nextAction' | 'nextActionAt'>,
  now: Date,
): string {
  const { nextAction, nextActionAt } = deal;
  const next = [nextAction, nextActionAt && asSoon(nextActionAt, now)].filter(Boolean).join(', ');
  return isLate(deal, now) ? `${next} (late)` : next;
}

/** What entering a stage does to the chance and the weight: `65% becomes 80%`, `Weighted rises by $6,435`. */
export function effectOf(
  deal: Pick<Deal, 'amountCents' | 'probability'>,
  to: Pick<Stage, 'probability'>,
  currency?: string,
): { chance: string; weight: string } {
  const before = weightedCents(deal.amountCents, deal.probability) ?? 0;
  const by = (weightedCents(deal.amountCents, to.probability) ?? 0) - before;
  const was = deal.probability === null ? 'No chance yet' : `${deal.probability}%`;
  return {
    chance:
      deal.probability === to.probability ? `Stays ${was}` : `${was} becomes ${to.probability}%`,
    weight:
      by === 0
        ? 'Weighted stays as it is'
        : `Weighted ${by > 0 ? 'rises' : 'falls'} by ${asMoney(Math.abs(by), currency)}`,
  };
}

/** Calendar days until a date in the viewer's zone; negative when it has passed. */
export function daysUntil(date: string | null, now: Date): number | undefined {
  if (!date) return undefined;
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  return Math.round((Date.UTC(year, month - 1, day) - today) / DAY);
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** A calendar date as it is read: `30 Apr`, with its year when it is another one; `long` adds the weekday. */
export function asDate(date: string | null, now = new Date(), long = false): string {
  if (!date) return '–';
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const weekday = long ? `${weekdays[new Date(Date.UTC(year, month - 1, day)).getUTCDay()]} ` : '';
  const text = `${weekday}${day} ${months[month - 1]}`;
  return year === now.getFullYear() ? text : `${text} ${year}`;
}

/** When something is to happen, in as few letters as say it: `16:30` today, `Thu` this week, `7 Apr` later. */
export function asSoon(at: string, now: Date): string {
  const date = new Date(at);
  if (date.toDateString() === now.toDateString()) {
    return `${two(date.getHours())}:${two(date.getMinutes())}`;
  }
  const left = daysUntil(
    `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`,
    now,
  )!;
  if (left > 0 && left < 7) return weekdays[date.getDay()]!;
  return `${date.getDate()} ${months[date.getMonth()]}`;
}

/** The month of a date: `April`, with its year when it is another one. */
export function monthOf(date: string, now = new Date()): string {
  const month = new Date(`${date.slice(0, 7)}-15T12:00:00Z`);
  const year = Number(date.slice(0, 4)) === now.getFullYear() ? undefined : 'numeric';
  return new Intl.DateTimeFormat('en', { month: 'long', year }).format(month);
}

/** `12,345.67` typed by a person, in cents; nothing when it is no amount. */
export function centsOf(text: string): number | undefined {
  const plain = text.replace(/[$€£,\s]/g, '');
  if (!/^\d{1,13}(\.\d{0,2})?$/.test(plain)) return undefined;
  const [whole, part = ''] = plain.split('.') as [string, string?];
  return Number(whole) * 100 + Number(part.padEnd(2, '0'));
}

/** Cents as a person would type them: `12345.67`, `42900`. */
export function typedOf(cents: number): string {
  const rest = cents % 100;
  return `${Math.floor(cents / 100)}${rest ? `.${String(rest).padStart(2, '0')}` : ''}`;
}

export function daysIn({ stageEnteredAt }: Pick<Deal, 'stageEnteredAt'>, now: Date): string {
  const days = Math.floor((now.getTime() - Date.parse(stageEnteredAt)) / DAY);
  return asCount(Math.max(0, days), 'day');
}

/** Fields that a stage may ask for, in words. */
export const fieldLabels: Record<string, string> = {
  name: 'Name',
  companyId: 'Company',
  contactId: 'Contact',
  ownerId: 'Owner',
  amountCents: 'Amount',
  probability: 'Probability',
  expectedCloseOn: 'Expected close',
  nextAction: 'Next action',
  nextActionAt: 'Next action on',
  location: 'Location',
  competitor: 'Competitor',
  source: 'Source',
  campaign: 'Campaign',
  lostReason: 'Lost because',
};

const sourceNames: Record<string, string> = {
  manual: 'By hand',
  conversion: 'Conversion',
  import: 'Import',
  hubspot: 'HubSpot',
  salesforce: 'Salesforce',
  pipedrive: 'Pipedrive',
};

/** Where a deal came from, for a badge. */
export function sourceOf(source: string): string {
  const word = source.replaceAll(/[_-]/g, ' ');
  return sourceNames[source] ?? word.charAt(0).toUpperCase() + word.slice(1);
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
