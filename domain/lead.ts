import { z } from 'zod';
import type { Fault } from './refusal.ts';

/** Where a lead stands with us. Only the first three are open: one contact has one open lead. */
export const leadStatuses = [
  'new',
  'contacted',
  'qualified',
  'unqualified',
  'converted',
  'spam',
] as const;
export const LeadStatus = z.enum(leadStatuses);
export type LeadStatus = z.infer<typeof LeadStatus>;

/** A status as anybody writes it; `disqualified` is another word for unqualified. Nothing when it is none. */
export function leadStatusOf(text: string): LeadStatus | undefined {
  const word = text.trim().toLowerCase();
  if (word === 'disqualified') return 'unqualified';
  return leadStatuses.find((status) => status === word);
}

export const openStatuses: readonly LeadStatus[] = ['new', 'contacted', 'qualified'];

/** The sources every workspace has; it may add its own. */
export const leadSources = [
  'website',
  'referral',
  'cold-call',
  'social',
  'email',
  'event',
  'partner',
  'other',
] as const;

/** The stages a lead passes through, until a workspace chooses its own words. */
export const leadStages = [
  'NEW',
  'ENRICHED',
  'ATTEMPTING',
  'CONTACTED',
  'QUALIFIED',
  'DEMO_BOOKED',
  'PROPOSAL_SENT',
  'NEGOTIATION',
  'WON',
  'LOST',
] as const;

const short = z.string().trim().max(300);
const text = z.string().max(20_000);

/** Any JSON object, kept as it is: `z.record` would drop a field called `__proto__`. */
export const Fields = z.unknown().refine(isObject, 'Expected an object.') as unknown as z.ZodType<
  Record<string, unknown>
>;

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A lead as any source may tell it: everything optional, something to reach or know it by required later. */
export const LeadInput = z.object({
  email: short.optional(),
  phone: short.optional(),
  firstName: short.optional(),
  lastName: short.optional(),
  title: short.optional(),
  company: short.optional(),
  website: z.string().trim().max(2000).optional(),
  placeId: short.optional(),
  mapsUrl: z.string().trim().max(2000).optional(),
  linkedin: z.string().trim().max(2000).optional(),
  industry: short.optional(),
  companySize: z.int().nonnegative().max(10_000_000).optional(),
  address: z
    .object({
      line1: short.optional(),
      city: short.optional(),
      region: short.optional(),
      postalCode: short.optional(),
      country: short.optional(),
    })
    .optional(),
  source: short.optional(),
  campaign: short.optional(),
  externalId: short.optional(),
  status: short.optional(),
  notes: text.optional(),
  tags: z.array(short).max(50).optional(),
  fields: Fields.optional(),
});
export type LeadInput = z.infer<typeof LeadInput>;

/** The words a lead is found by, in lower case: name, address, number and company. */
export function searchTextOf(of: {
  firstName?: string | null;
  lastName?: string | null;
  email?: string | null;
  phone?: string | null;
  phoneE164?: string | null;
  company?: { name?: string | null; domain?: string | null };
}): string {
  const { firstName, lastName, email, phone, phoneE164, company } = of;
  const words = [firstName, lastName, email, phone, phoneE164, company?.name, company?.domain];
  return words.filter(Boolean).join(' ').toLowerCase();
}

/** Something odd about a lead that was kept all the same. */
export const Flag = z.object({ field: z.string(), message: z.string() });
export type Flag = z.infer<typeof Flag>;

/** What became of one lead that was handed in. */
export type Received =
  | {
      outcome: 'created' | 'matched';
      leadId: string;
      contactId: string;
      companyId: string | null;
      flags: Flag[];
      /** Whether it has to go through intake, as a new one or for what it brought. */
      isDue: boolean;
    }
  | { outcome: 'rejected'; faults: Fault[] };

/** One reason of a score, with how much it gives. */
export const ScoreFactor = z.object({
  group: z.enum(['engagement', 'fit', 'behaviour', 'external']),
  name: z.string(),
  points: z.number(),
  because: z.string(),
});
export type ScoreFactor = z.infer<typeof ScoreFactor>;

/** A lead as every list, page and reply shows it. */
export const Lead = z.object({
  id: z.uuid(),
  status: LeadStatus,
  stage: z.string(),
  score: z.int().nullable(),
  ownerId: z.string().nullable(),
  contactId: z.uuid(),
  companyId: z.uuid().nullable(),
  source: z.string(),
  campaign: z.string().nullable(),
  externalId: z.string().nullable(),
  icp: z.string().nullable(),
  nextAction: z.string().nullable(),
  nextActionAt: z.iso.datetime().nullable(),
  intakeAt: z.iso.datetime().nullable(),
  lastActivityAt: z.iso.datetime(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Lead = z.infer<typeof Lead>;

const DAY = 24 * 60 * 60 * 1000;
export const STALE_DAYS = 7;

/** A lead is stale when its next action is overdue or nothing was done for seven days. */
export function isStale(
  lead: Pick<Lead, 'status' | 'nextActionAt' | 'updatedAt'>,
  now: string,
): boolean {
  if (!openStatuses.includes(lead.status)) return false;
  const overdue = lead.nextActionAt !== null && Date.parse(lead.nextActionAt) < Date.parse(now);
  return overdue || Date.parse(now) - Date.parse(lead.updatedAt) >= STALE_DAYS * DAY;
}

/** What a person may change of a lead where it stands; `updatedAt` is the one they looked at. */
export const LeadChange = z.object({
  updatedAt: z.iso.datetime().optional(),
  status: short.optional(),
  stage: short.optional(),
  ownerId: short.nullable().optional(),
  source: short.optional(),
  campaign: short.nullable().optional(),
  nextAction: z.string().trim().max(1000).nullable().optional(),
  nextActionAt: z.iso.datetime({ offset: true }).nullable().optional(),
  notes: text.nullable().optional(),
  contact: z
    .object({
      firstName: short.nullable().optional(),
      lastName: short.nullable().optional(),
      title: short.nullable().optional(),
      email: short.nullable().optional(),
      phone: short.nullable().optional(),
      linkedin: z.string().trim().max(2000).nullable().optional(),
      timeZone: short.nullable().optional(),
      doNotContact: z.boolean().optional(),
    })
    .optional(),
});
export type LeadChange = z.infer<typeof LeadChange>;
