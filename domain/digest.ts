import { DateTime } from 'luxon';
import { z } from 'zod';
import { TimeZone } from './workspace.ts';

/** What a digest may speak of, in the order in which it does. */
export const digestParts = [
  ...(['meetings', 'overdueActivities', 'atRiskDeals', 'staleDeals', 'staleLeads'] as const),
] as const;
export type DigestPart = (typeof digestParts)[number];

/** What a workspace tells its people of each morning. */
export const NotificationSettings = z.object({
  meetings: z.boolean().default(true),
  overdueActivities: z.boolean().default(true),
  atRiskDeals: z.boolean().default(true),
  staleDeals: z.boolean().default(true),
  staleLeads: z.boolean().default(true),
});
export type NotificationSettings = z.infer<typeof NotificationSettings>;

export const NotificationSettingsChange = z
  .object({
    meetings: z.boolean(),
    overdueActivities: z.boolean(),
    atRiskDeals: z.boolean(),
    staleDeals: z.boolean(),
    staleLeads: z.boolean(),
  })
  .partial();
export type NotificationSettingsChange = z.infer<typeof NotificationSettingsChange>;

/** Whether a person wants a digest, and whose morning it is; no time zone means the workspace's. */
export const OwnDigest = z.object({ digest: z.boolean(), timezone: z.string().nullable() });
export type OwnDigest = z.infer<typeof OwnDigest>;

export const OwnDigestChange = z
  .object({ digest: z.boolean(), timezone: TimeZone.nullable() })
  .partial();
export type OwnDigestChange = z.infer<typeof OwnDigestChange>;

/** One thing that a digest names: since when it waits (or when it is), and what it is worth or risks. */
export interface DigestItem {
  title: string;
  href: string;
  at: string;
  amountCents?: number | null;
  riskScore?: number | null;
}

/** What waited for a reader at an instant; how many of each, and the first few by name. */
export interface DigestSummary {
  at: string;
  zone: string;
  currency: string;
  parts: Partial<Record<DigestPart, { count: number; items: DigestItem[] }>>;
}

const MORNING = 6;
const NOON = 12;
const DAY = 24 * 60 * 60 * 1000;

/**
 * The day whose morning it is somewhere: from 06:00, which every zone has on every day, until noon, so that a clock
 * that comes late still finds it. Nothing at other hours.
 */
export function morningOf(now: string, zone: string): string | undefined {
  const local = DateTime.fromISO(now, { zone });
  return local.hour >= MORNING && local.hour < NOON ? local.toISODate()! : undefined;
}

/** The first instant of a reader's day, and of the one after. */
export function boundsOf(now: string, zone: string): { from: string; to: string } {
  const from = DateTime.fromISO(now, { zone }).startOf('day');
  const to = from.plus({ days: 1 }).startOf('day');
  return { from: from.toUTC().toISO()!, to: to.toUTC().toISO()! };
}

/** The subject and the text of a digest; nothing when there is nothing to say. */
export function digestOf(
  summary: DigestSummary,
  baseUrl: string,
): { subject: string; text: string } | undefined {
  const told = digestParts.flatMap((part) => {
    const found = summary.parts[part];
    return found && found.count > 0 ? [{ part, ...found }] : [];
  });
  if (told.length === 0) return undefined;
  const counts = told.map(({ part, count }) => words[part](count));
  const sections = told.map(({ part, count, items }) => {
    const lines = items.map((item) => lineOf(part, item, summary, baseUrl));
    const more = count > items.length ? [`- and ${count - items.length} more`] : [];
    return [capital(words[part](count)), ...lines, ...more].join('\n');
  });
  const foot = `You get this each morning at 06:00. Turn it off: ${baseUrl}/settings/notifications`;
  return { subject: capital(counts.join(', ')), text: [...sections, foot].join('\n\n') };
}

const words: Record<DigestPart, (count: number) => string> = {
  meetings: (count) => `${many(count, 'meeting')} today`,
  overdueActivities: (count) => `${many(count, 'task')} overdue`,
  atRiskDeals: (count) => `${many(count, 'deal')} at high risk`,
  staleDeals: (count) => `${many(count, 'stale deal')}`,
  staleLeads: (count) => `${many(count, 'stale lead')}`,
};

function lineOf(part: DigestPart, item: DigestItem, summary: DigestSummary, base: string): string {
  const amount = item.amountCents ? [moneyOf(item.amountCents, summary.currency)] : [];
  const says = [...amount, sayingOf(part, item, summary)].join(', ');
  return `- ${item.title.replace(/[\p{Cc}\s]+/gu, ' ').trim()}: ${says}\n  ${base}${item.href}`;
}

function sayingOf(
  part: DigestPart,
  { at, riskScore }: DigestItem,
  { at: now, zone }: DigestSummary,
) {
  if (part === 'meetings') return `at ${DateTime.fromISO(at, { zone }).toFormat('HH:mm')}`;
  if (part === 'atRiskDeals') return `risk ${Math.round((riskScore ?? 0) * 100)} %`;
  const days = Math.floor((Date.parse(now) - Date.parse(at)) / DAY);
  if (part === 'overdueActivities')
    return days < 1 ? 'was due within the last day' : `was due ${many(days, 'day')} ago`;
  return days < 1 ? 'its next action is overdue' : `nothing for ${many(days, 'day')}`;
}

function moneyOf(cents: number, currency: string): string {
  const format = new Intl.NumberFormat('en-US', { style: 'currency', currency });
  const { maximumFractionDigits: digits = 2 } = format.resolvedOptions();
  return format.format(cents / 10 ** digits);
}

function many(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
