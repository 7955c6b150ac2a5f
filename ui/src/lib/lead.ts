import type { Lead, LeadStatus } from '#domain/lead.ts';

/** A lead as a list shows it: with whom it is, where they work, and how far the follow-up is. */
export type LeadRow = Lead & {
  contact: {
    id: string;
    firstName: string | null;
    lastName: string | null;
    title: string | null;
    email: string | null;
    phone: string | null;
    timeZone: string | null;
  };
  company: { id: string; name: string | null; industry: string | null } | null;
  tags: string[];
  enrolment?: {
    id: string;
    sequence: string;
    status: string;
    reason: string | null;
    step: number;
    steps: number;
  } | null;
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

type Named = Pick<LeadRow, 'contact' | 'company'>;

/** The person, else the address, else the company; never nothing. */
export function nameOf({ contact, company }: Named): string {
  const name = [contact.firstName, contact.lastName].filter(Boolean).join(' ');
  return name || contact.email || contact.phone || company?.name || 'No name';
}

export function companyOf({ company }: Pick<LeadRow, 'company'>): string {
  return company?.name ?? '';
}
