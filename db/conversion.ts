import { type Selectable, sql } from 'kysely';
import type { Arrival } from '#domain/arrival.ts';
import type { Conversion, Converted } from '#domain/conversion.ts';
import { companyKey, labelOf } from '#domain/identity.ts';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import { settleCompanies } from './companies.ts';
import { createDeal, getDeal } from './deals.ts';
import { changeLead, lockLead } from './lead-changes.ts';
import { insertRows } from './rows.ts';
import type { Contacts, Leads } from './schema.ts';
import type { Scope } from './scope.ts';

type Lead = Selectable<Leads>;
type Contact = Selectable<Contacts>;

/**
 * Makes contact, company and deal of a lead in one transaction, from what is there already where it is. Whoever comes
 * second, or at the same moment, gets what the first one made.
 */
export async function convertLead(scope: Scope, id: string, wish: Conversion): Promise<Converted> {
  const contact = await lockContactOf(scope, id);
  const lead = await lockLead(scope, id);
  const before = await dealOf(scope, lead);
  if (before && lead.status === 'converted') return answer(scope, before, contact, false);
  if (!lead.isOpen && lead.status !== 'converted') {
    throw new Refusal(
      'conflict',
      `This lead is ${lead.status}. Open it again before you convert it.`,
    );
  }
  const companyId = await companyFor(scope, { lead, contact }, wish.company);
  const dealId = before ?? (await makeDeal(scope, { lead, contact, companyId }, wish));
  await close(scope, { lead, contact, companyId, dealId });
  return answer(scope, dealId, { ...contact, companyId }, before === undefined);
}

/** In the order of a touch: the person, then the lead. One who was merged away is who they became. */
async function lockContactOf({ db }: Scope, leadId: string): Promise<Contact> {
  const lead = await db
    .selectFrom('leads as l')
    .innerJoin('contacts as c', 'c.id', 'l.contactId')
    .select(({ fn }) => fn.coalesce('c.mergedInto', 'c.id').as('contactId'))
    .where('l.id', '=', leadId)
    .where('l.deletedAt', 'is', null)
    .executeTakeFirst();
  if (!lead) throw new Refusal('not-found', 'There is no such lead.');
  return db
    .selectFrom('contacts')
    .selectAll()
    .where('id', '=', lead.contactId)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow();
}

/** The deal that it was converted to, or that somebody made of it by hand. */
async function dealOf({ db }: Scope, lead: Lead): Promise<string | undefined> {
  const deal = await db
    .selectFrom('deals')
    .select('id')
    .where('leadId', '=', lead.id)
    .where('deletedAt', 'is', null)
    .executeTakeFirst();
  return deal?.id;
}

interface Party {
  lead: Lead;
  contact: Contact;
}

/** Where they work: as the lead says, as the contact says, or as the person who converts says. */
async function companyFor(
  scope: Scope,
  { lead, contact }: Party,
  name: string | undefined,
): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select coalesce(merged_into, id) as id from companies
    where id in (${lead.companyId}, ${contact.companyId}) and deleted_at is null
    order by id = ${lead.companyId} desc limit 1`.execute(scope.db);
  const known = rows[0]?.id ?? (name ? await found(scope, name) : null);
  if (known && known !== contact.companyId && !contact.companyId) {
    await scope.db
      .updateTable('contacts')
      .set({ companyId: known, updatedAt: sql`now()` })
      .where('id', '=', contact.id)
      .execute();
  }
  return known;
}

async function found(scope: Scope, name: string): Promise<string | null> {
  const key = companyKey(name);
  if (!key) {
    const message = 'This is no name of a company.';
    throw new Refusal('invalid', message, [{ field: 'company', message }]);
  }
  const [company] = await settleCompanies(scope, [{ company: name, companyKey: key } as Arrival]);
  return company?.row.id ?? null;
}

async function makeDeal(
  scope: Scope,
  { lead, contact, companyId }: Party & { companyId: string | null },
  { dealName, company: _, ...wish }: Conversion,
): Promise<string> {
  const { name } = (companyId && (await nameOf(scope, companyId))) || { name: undefined };
  const called = labelOf({ company: name ?? '' }) || labelOf(contact) || contact.phoneE164;
  const { id } = await createDeal(scope, {
    ...{
      name: dealName ?? called ?? 'New deal',
      leadId: lead.id,
      contactId: contact.id,
      companyId,
    },
    ...{ ownerId: await ownerOf(scope, lead), source: lead.source, campaign: lead.campaign },
    ...{ nextAction: lead.nextAction, nextActionAt: lead.nextActionAt },
    ...wish,
  });
  return id;
}

/** One who has left the workspace owns nothing new. */
async function ownerOf({ db }: Scope, { ownerId }: Lead): Promise<string | null> {
  const member = await db
    .selectFrom('members')
    .select('userId')
    .where('userId', '=', ownerId ?? '')
    .executeTakeFirst();
  return member?.userId ?? null;
}

function nameOf({ db }: Scope, companyId: string): Promise<{ name: string | null } | undefined> {
  return db
    .selectFrom('companies')
    .select(sql<string | null>`coalesce(name, domain)`.as('name'))
    .where('id', '=', companyId)
    .executeTakeFirst();
}

/** The lead is converted, its sequences end, its open tasks go on with the deal, and every record tells of it. */
async function close(
  scope: Scope,
  { lead, contact, companyId, dealId }: Party & { companyId: string | null; dealId: string },
): Promise<void> {
  const { db, workspaceId, actor } = scope;
  if (lead.status !== 'converted') await changeLead(scope, lead.id, { status: 'converted' });
  await db
    .updateTable('leads')
    .set({
      dealId,
      companyId,
      contactId: contact.id,
      convertedAt: sql`coalesce(converted_at, now())`,
    })
    .where('id', '=', lead.id)
    .execute();
  await sql`update tasks set deal_id = ${dealId}, contact_id = ${contact.id}, company_id = ${companyId}
    where lead_id = ${lead.id} and done_at is null and cancelled_at is null`.execute(db);
  const line = { kind: 'lead_converted', title: 'Lead converted to a deal', data: { dealId } };
  const of = { leadId: lead.id, contactId: contact.id, companyId, dealId };
  const row = { workspaceId, actor, ...of, ...line, key: `converted:${lead.id}:${dealId}` };
  await insertRows(scope, 'activities', [row] as never, ['id']);
  changed(scope, 'leads', 'today', 'contacts', 'companies', 'activities');
}

async function answer(
  scope: Scope,
  dealId: string,
  contact: Pick<Contact, 'id' | 'companyId'>,
  created: boolean,
): Promise<Converted> {
  const deal = await getDeal(scope, dealId);
  return { deal, created, contactId: contact.id, companyId: deal.companyId ?? contact.companyId };
}
