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
export async function subjectOf({ db }: Scope, about: About): Promise<Subject> {
  const { leadId = null, contactId = null, companyId = null, dealId = null } = about;
  const { rows } = await sql<Subject>`
    with d as (select * from deals where id = ${dealId}::uuid and deleted_at is null),
    l as (select * from leads where id = coalesce(${leadId}::uuid, (select lead_id from d)) and deleted_at is null),
    c as (select * from contacts where merged_into is null and deleted_at is null
      and id = coalesce(${contactId}::uuid, (select contact_id from d), (select contact_id from l))),
    co as (select * from companies where merged_into is null and deleted_at is null
      and id = coalesce(${companyId}::uuid, (select company_id from d), (select company_id from l), (select company_id from c)))
    select l.id as lead_id, c.id as contact_id, co.id as company_id, coalesce(d.id, l.deal_id) as deal_id,
      coalesce(d.owner_id, l.owner_id, c.owner_id, co.owner_id) as owner_id,
      coalesce(d.name, nullif(concat_ws(' ', c.first_name, c.last_name), ''), co.name, co.domain, c.email, '') as name
    from (select) one left join d on true left join l on true left join c on true left join co on true`.execute(
    db,
  );
  const found = rows[0]!;
  for (const [key, noun] of Object.entries(nouns)) {
    if (!about[key as keyof About] || about[key as keyof About] === found[key as keyof About])
      continue;
    throw new Refusal('not-found', `There is no such ${noun}.`);
  }
  return found;
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
