import { sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import type { Scope } from './scope.ts';

/** What something is about, as a caller names it: one record, or several. */
export interface About {
  leadId?: string | null;
  contactId?: string | null;
  companyId?: string | null;
  dealId?: string | null;
}

/** The records that something is on, with whoever stands behind the one that was named. */
export interface Subject {
  leadId: string | null;
  contactId: string | null;
  companyId: string | null;
  dealId: string | null;
  /** Who owns the record that was named first: deal, lead, contact, company. */
  ownerId: string | null;
  name: string;
}

/** A deal stands on its contact, company and lead; a lead on its contact, company and deal; a contact on its company. */
export async function subjectOf(scope: Scope, about: About): Promise<Subject> {
  const deal = await find(scope, 'deals', about.dealId);
  const lead = await find(scope, 'leads', about.leadId ?? deal?.leadId);
  const contact = await find(
    scope,
    'contacts',
    about.contactId ?? deal?.contactId ?? lead?.contactId,
  );
  const at = about.companyId ?? deal?.companyId ?? lead?.companyId ?? contact?.companyId;
  const company = await find(scope, 'companies', at);
  const found = {
    dealId: deal?.id,
    leadId: lead?.id,
    contactId: contact?.id,
    companyId: company?.id,
  };
  for (const [key, noun] of Object.entries(nouns)) {
    const given = about[key as keyof About];
    if (given && given !== found[key as keyof About])
      throw new Refusal('not-found', `There is no such ${noun}.`);
  }
  const those = [deal, lead, contact, company];
  return {
    ...{ leadId: lead?.id ?? null, contactId: contact?.id ?? null, companyId: company?.id ?? null },
    dealId: deal?.id ?? lead?.dealId ?? null,
    ownerId: those.find((one) => one?.ownerId)?.ownerId ?? null,
    name: [deal, contact, company].find((one) => one?.name)?.name ?? '',
  };
}

interface Found {
  id: string;
  name: string | null;
  ownerId: string | null;
  leadId?: string | null;
  contactId?: string | null;
  companyId?: string | null;
  dealId?: string | null;
}

const what = {
  deals: sql`name, owner_id, lead_id, contact_id, company_id from deals where deleted_at is null`,
  leads: sql`null as name, owner_id, contact_id, company_id, deal_id from leads where deleted_at is null`,
  contacts: sql`coalesce(nullif(concat_ws(' ', first_name, last_name), ''), email) as name, owner_id, company_id
    from contacts where merged_into is null and deleted_at is null`,
  companies: sql`coalesce(name, domain) as name, owner_id
    from companies where merged_into is null and deleted_at is null`,
};

async function find(
  { db }: Scope,
  table: keyof typeof what,
  id: string | null | undefined,
): Promise<Found | undefined> {
  if (!id) return undefined;
  const { rows } = await sql<Found>`select id, ${what[table]} and id = ${id}`.execute(db);
  return rows[0];
}

/** Something happened with these at that moment: it is their last activity, unless there is a later one. */
export async function touchRecords(
  { db }: Scope,
  { contactId, leadId, companyId, dealId }: Omit<Subject, 'ownerId' | 'name'>,
  at = new Date().toISOString(),
): Promise<void> {
  const last = sql`last_activity_at = greatest(last_activity_at, ${at}::timestamptz)`;
  // In the order in which everybody locks them: the person, then the lead, then the company, then the deal.
  if (contactId) await sql`update contacts set ${last} where id = ${contactId}`.execute(db);
  if (leadId)
    await sql`update leads set ${last}, updated_at = now() where id = ${leadId}`.execute(db);
  if (companyId) await sql`update companies set ${last} where id = ${companyId}`.execute(db);
  if (dealId) await sql`update deals set ${last} where id = ${dealId}`.execute(db);
}

/** Where a page shows what something is on. */
export function hrefOf({ dealId, leadId, contactId, companyId }: About): string {
  if (dealId) return `/deals/${dealId}`;
  if (leadId) return `/leads/${leadId}`;
  return contactId ? `/contacts/${contactId}` : `/companies/${companyId}`;
}

const nouns = { leadId: 'lead', contactId: 'contact', companyId: 'company', dealId: 'deal' };
