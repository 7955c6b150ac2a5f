import { sql } from 'kysely';
import { type Fault, Refusal } from '#domain/refusal.ts';
import type { Scope } from './scope.ts';

export interface Parties {
  companyId?: string | null;
  contactId?: string | null;
  ownerId?: string | null;
  leadId?: string | null;
}

/** Refuses a deal with somebody who is not there, each in its field, and answers where its contact works. */
export async function refuseStrangers(
  { db }: Scope,
  { companyId, contactId, ownerId, leadId }: Parties,
): Promise<{ companyOfContact: string | null }> {
  if (!companyId && !contactId && !ownerId && !leadId) return { companyOfContact: null };
  const { rows } = await sql<Found>`
    select
      exists (select from companies where id = ${companyId ?? null}::uuid
        and merged_into is null and deleted_at is null) as company_id,
      exists (select from contacts where id = ${contactId ?? null}::uuid
        and merged_into is null and deleted_at is null) as contact_id,
      exists (select from members where user_id = ${ownerId ?? null}) as owner_id,
      exists (select from leads where id = ${leadId ?? null}::uuid and deleted_at is null) as lead_id,
      (select company_id from contacts where id = ${contactId ?? null}::uuid) as company_of_contact`.execute(
    db,
  );
  const found = rows[0]!;
  const given = { companyId, contactId, ownerId, leadId };
  const faults = (Object.keys(nouns) as (keyof typeof nouns)[])
    .filter((field) => given[field] && !found[field])
    .map((field): Fault => ({ field, message: `There is no such ${nouns[field]}.` }));
  if (faults.length > 0) throw new Refusal('invalid', faults[0]!.message, faults);
  return found;
}

const nouns = { companyId: 'company', contactId: 'contact', ownerId: 'member', leadId: 'lead' };

interface Found extends Record<keyof typeof nouns, boolean> {
  companyOfContact: string | null;
}
