import { invalid, Refusal } from '#domain/refusal.ts';
import { type Link, linkOf } from '#domain/website.ts';
import { changeCompany } from './company-changes.ts';
import { changeContactRecord } from './contact-records.ts';
import type { Scope } from './scope.ts';

export interface Target {
  record: 'lead' | 'contact' | 'company';
  id: string;
}

const places = {
  'contact-linkedin': { record: 'contact', field: 'linkedin' },
  'company-linkedin': { record: 'company', field: 'linkedin' },
  'maps-place': { record: 'company', field: 'mapsUrl' },
  website: { record: 'company', field: 'website' },
} as const satisfies Record<Link, object>;

export type Place = (typeof places)[Link];

/** What a pasted address leads to and where it belongs; what is no web address is refused. */
export function classifyLink(url: string): { link: Link } & Place {
  const link = linkOf(url);
  if (!link) throw invalid('url', 'This is no web address.');
  return { link, ...places[link] };
}

/** Writes a pasted address where it belongs: at the person or at the company of the record it was pasted on. */
export async function applyLink(scope: Scope, url: string, to: Target): Promise<string> {
  const { record, field } = classifyLink(url);
  const parties = await partiesOf(scope, to);
  const id = parties[record];
  if (!id) throw invalid('record', `There is no ${record} here that this address could belong to.`);
  if (record === 'contact') await changeContactRecord(scope, id, { [field]: url });
  else await changeCompany(scope, id, { [field]: url });
  return id;
}

async function partiesOf(
  { db }: Scope,
  { record, id }: Target,
): Promise<{ contact: string | null; company: string | null }> {
  if (record === 'company') return { contact: null, company: id };
  const row =
    record === 'lead'
      ? await db
          .selectFrom('leads')
          .select(['contactId', 'companyId'])
          .where('id', '=', id)
          .where('deletedAt', 'is', null)
          .executeTakeFirst()
      : await db
          .selectFrom('contacts')
          .select(['id as contactId', 'companyId'])
          .where('id', '=', id)
          .executeTakeFirst();
  if (!row) throw new Refusal('not-found', `There is no such ${record}.`);
  return { contact: row.contactId, company: row.companyId };
}
