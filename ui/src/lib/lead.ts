import type { leadSources, LeadStatus } from '#domain/lead.ts';
import type { LeadRow } from '#domain/lead-page.ts';
import { asWord } from './format.ts';

export type { LeadStatus, ScoreFactor } from '#domain/lead.ts';
export type { LeadPage, LeadRow } from '#domain/lead-page.ts';

/** How an enrolment's status looks on a badge. */
export const enrolmentTones: Record<string, Tone> = {
  active: 'accent',
  paused: 'warn',
  blocked: 'danger',
  completed: 'success',
  stopped: 'neutral',
};

type Tone = 'neutral' | 'success' | 'warn' | 'danger' | 'info' | 'accent';

export const statuses: Record<LeadStatus, { label: string; tone: Tone; hollow?: boolean }> = {
  new: { label: 'New', tone: 'accent' },
  contacted: { label: 'Contacted', tone: 'info' },
  qualified: { label: 'Qualified', tone: 'success' },
  unqualified: { label: 'Unqualified', tone: 'neutral', hollow: true },
  converted: { label: 'Converted', tone: 'success' },
  spam: { label: 'Spam', tone: 'neutral', hollow: true },
};

export const statusChoices = Object.entries(statuses).map(([id, { label }]) => ({ id, label }));

const sourceNames: Record<(typeof leadSources)[number], string> = {
  website: 'Website',
  referral: 'Referral',
  'cold-call': 'Cold call',
  social: 'Social',
  email: 'Email',
  event: 'Event',
  partner: 'Partner',
  other: 'Other',
};
export const sources = Object.entries(sourceNames).map(([value, label]) => ({ value, label }));
export const sourceChoices = sources.map(({ value, label }) => ({ id: value, label }));

/** Where a lead came from. */
export function sourceOf(source: string): string {
  return source === 'manual' ? 'By hand' : asWord(source);
}

/** How it came, after its status: `New, from website`. */
export function cameBy(source: string): string {
  return source === 'manual' ? 'added by hand' : `from ${asWord(source).toLowerCase()}`;
}

interface Named {
  contact: Pick<LeadRow['contact'], 'name' | 'email' | 'phone'>;
  company: { name: string | null } | null;
}

/** The person, else the address, else the number, else the company; never nothing. */
export function nameOf({ contact, company }: Named): string {
  return contact.name || contact.email || contact.phone || company?.name || 'No name';
}

/** Empty when the lead itself is called by it. */
export function companyOf(lead: Named): string {
  const name = lead.company?.name ?? '';
  return name === nameOf(lead) ? '' : name;
}

/** What a lead made by hand lacks to be taken: a company alone says nobody whom one can reach. */
export function wantOf({ email, phone }: { email: string; phone: string }): string | undefined {
  if (email.trim() || phone.trim()) return undefined;
  return 'An email or a phone is needed; a company alone is nobody to reach.';
}

/** What kind of business it is, in words. */
export function verticalOf(
  lead: Pick<LeadRow, 'icp'> & { company: { industry: string | null } | null },
) {
  return lead.company?.industry ?? (lead.icp === 'hvac' ? 'HVAC' : asWord(lead.icp));
}
