import { type Email, readEmail } from './email.ts';
import { companyKey, personKey } from './identity.ts';
import { type Flag, LeadInput, type LeadStatus, leadSources, leadStatusOf } from './lead.ts';
import { type Phone, readPhone } from './phone.ts';
import { countryCode, regionCode } from './place.ts';
import type { Fault } from './refusal.ts';
import { companyDomain, hostOf, type Link, linkOf } from './website.ts';

/** What a workspace knows when a lead arrives. */
export interface Setting {
  /** ISO 3166 country that a number without a prefix belongs to. */
  region: string;
  /** Its own lead sources, beside the built-in ones. */
  sources: ReadonlySet<string>;
  /** Slugs of the tags that can be applied. */
  tags: ReadonlySet<string>;
}

/** A lead that was read: what we compare is normalised, what is odd is flagged, nothing is lost. */
export interface Arrival extends Omit<LeadInput, 'email' | 'phone' | 'status' | 'source' | 'tags'> {
  email?: Email;
  phone?: Phone;
  personKey: string;
  companyKey?: string;
  domain?: string;
  companyLinkedin?: string;
  status: LeadStatus;
  source: string;
  tags: string[];
  flags: Flag[];
}

/** Reads a lead from any source, or says for each field why it cannot be taken. */
export function readArrival(
  input: LeadInput,
  { region, sources, tags }: Setting,
  source = 'other',
): { arrival: Arrival } | { faults: Fault[] } {
  const parsed = LeadInput.safeParse(withoutBlanks(input));
  if (!parsed.success) {
    return {
      faults: parsed.error.issues.map((issue) => fault(issue.path.join('.'), issue.message)),
    };
  }
  const lead = parsed.data;
  const faults: Fault[] = unstorable(lead);
  const flags: Flag[] = [];

  const email = lead.email === undefined ? undefined : readEmail(lead.email);
  if (lead.email !== undefined && !email) {
    faults.push(fault('email', 'This is not an address that mail can be delivered to.'));
  }
  if (email?.kind === 'disposable') flags.push(fault('email', 'The mailbox is a throw-away one.'));

  const phone = lead.phone === undefined ? undefined : readPhone(lead.phone, region);
  if (lead.phone !== undefined && !phone) {
    faults.push(fault('phone', 'This is not a telephone number.'));
  }
  if (phone?.unlikely) flags.push(fault('phone', 'No such number is in use anywhere we know.'));
  if (phone?.extension)
    flags.push(fault('phone', `Extension ${phone.extension} must be asked for.`));

  if (!email && !phone && !(lead.company && lead.placeId) && faults.length === 0) {
    faults.push(
      fault(
        'email',
        'A lead needs an e-mail address, a phone number, or a company and its place id.',
      ),
    );
  }

  const links = linksOf(lead);
  const host = links.website === undefined ? undefined : hostOf(links.website);
  if (links.website !== undefined && !host) {
    flags.push(fault('website', 'This is not a web address.'));
  }

  const status = lead.status === undefined ? 'new' : leadStatusOf(lead.status);
  if (!status) flags.push(fault('status', `The status “${lead.status}” is not one of ours.`));
  if (status === 'qualified') {
    flags.push(fault('status', 'Qualified needs a next action with its date; taken as contacted.'));
  }

  const from = slugOf(lead.source ?? source) || 'other';
  if (!sources.has(from) && !knownSources.has(from)) {
    flags.push(fault('source', `The source “${from}” is not one of ours.`));
  }
  const known = (lead.tags ?? []).map(slugOf).filter(Boolean);
  for (const tag of known.filter((slug) => !tags.has(slug))) {
    flags.push(fault('tags', `There is no tag “${tag}”.`));
  }
  if (faults.length > 0) return { faults };

  return {
    arrival: {
      ...lead,
      ...links,
      email,
      phone,
      personKey: personKey(lead.firstName, lead.lastName),
      companyKey: lead.company && companyKey(lead.company),
      domain: companyDomain(host) ?? (email && companyDomain(email.domain)),
      address: lead.address && readAddress(lead.address, flags),
      status: status === 'qualified' ? 'contacted' : (status ?? 'new'),
      source: from,
      tags: [...new Set(known.filter((slug) => tags.has(slug)))],
      flags,
    },
  };
}

const places = {
  website: 'website',
  'contact-linkedin': 'linkedin',
  'company-linkedin': 'companyLinkedin',
  'maps-place': 'mapsUrl',
} as const satisfies Record<Link, string>;

/** Words of our own doors; a workspace need not add them. */
const knownSources: ReadonlySet<string> = new Set([
  ...leadSources,
  ...[
    'api',
    'manual',
    'import',
    'csv',
    'google-maps',
    'plusvibe',
    'sms-gateway',
    'generic',
    'demo',
  ],
]);

/** Whatever was pasted as website, LinkedIn or map: each where it belongs. */
function linksOf({ website, linkedin, mapsUrl }: LeadInput) {
  const links: Partial<Record<'website' | 'linkedin' | 'companyLinkedin' | 'mapsUrl', string>> = {};
  for (const text of [website, linkedin, mapsUrl]) {
    const link = text === undefined ? undefined : linkOf(text);
    if (link) links[places[link]] ??= text;
  }
  if (website !== undefined && !linkOf(website)) links.website ??= website;
  return { website: undefined, linkedin: undefined, mapsUrl: undefined, ...links };
}

function fault(field: string, message: string): Fault {
  return { field, message };
}

/** An empty cell says nothing. */
function withoutBlanks(input: LeadInput): LeadInput {
  if (typeof input !== 'object' || input === null) return input;
  return Object.fromEntries(
    Object.entries(input).filter(
      ([, value]) => value != null && !(typeof value === 'string' && value.trim() === ''),
    ),
  );
}

/** What the database cannot keep: NUL in any text, and half of a letter. */
function unstorable(value: unknown, field = ''): Fault[] {
  if (typeof value === 'string') {
    if (value.includes('\0')) return [fault(field, 'A text cannot hold the character NUL.')];
    return value.isWellFormed() ? [] : [fault(field, 'The text holds half of a character.')];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    ...unstorable(key, field ? `${field}.key` : 'key'),
    ...unstorable(inner, field ? `${field}.${key}` : key),
  ]);
}

export function slugOf(text: string): string {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
}

function readAddress(
  address: NonNullable<LeadInput['address']>,
  flags: Flag[],
): NonNullable<LeadInput['address']> {
  const country = address.country ? countryCode(address.country) : undefined;
  if (address.country && !country) {
    flags.push(fault('address.country', `The country “${address.country}” is not known.`));
  }
  const region = address.region && regionCode(address.region, country);
  return { ...address, country, region };
}
