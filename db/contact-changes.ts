import { sql, type Updateable } from 'kysely';
import type { ContactChange } from '#domain/contact.ts';
import { readEmail } from '#domain/email.ts';
import { identityOf, personKey } from '#domain/identity.ts';
import type { LeadChange } from '#domain/lead.ts';
import { readPhone } from '#domain/phone.ts';
import { invalid, Refusal } from '#domain/refusal.ts';
import { gatherLater } from './outbox.ts';
import type { Contacts } from './schema.ts';
import type { Scope } from './scope.ts';

type Change = Omit<ContactChange, 'updatedAt' | 'fields'> & { fields?: string };

/** Changes a person as somebody asked; an address that another person has is refused. `under` is where faults stand. */
export async function changeContact(
  scope: Scope,
  id: string,
  change: NonNullable<LeadChange['contact']> | Change,
  under = 'contact.',
): Promise<void> {
  const { db } = scope;
  const before = await db
    .selectFrom('contacts')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const after = await contactValues(scope, change, { id, under });
  const all = { ...before, ...after };
  const nameNormalized = personKey(all.firstName, all.lastName);
  if (!all.emailNormalized && !all.phoneE164 && !all.companyId) {
    throw invalid('email', 'Somebody must be left to reach: an address or a number.');
  }
  const identity = identityOf({
    ...{ email: all.emailNormalized, phone: all.phoneE164 },
    ...{ companyId: all.companyId, name: nameNormalized },
  });
  const taken = await db
    .selectFrom('contacts')
    .select('id')
    .where('identity', '=', identity)
    .where('id', '<>', id)
    .where('mergedInto', 'is', null)
    .where('deletedAt', 'is', null)
    .executeTakeFirst();
  await db
    .updateTable('contacts')
    .set({ ...after, nameNormalized, ...(taken ? {} : { identity }), updatedAt: sql`now()` })
    .where('id', '=', id)
    .execute();
  await refreshSearch(scope, id, Boolean(change.email ?? change.phone));
}

/** What is compared is normalised: the address, the number, the zone. */
export async function contactValues(
  scope: Scope,
  { email, phone, timeZone, ...plain }: NonNullable<LeadChange['contact']> | Change,
  { id, under = '' }: { id?: string; under?: string } = {},
): Promise<Updateable<Contacts>> {
  return {
    ...plain,
    ...(email !== undefined && (await emailOf(scope, email, { id, under }))),
    ...(phone !== undefined && (await phoneOf(scope, phone, under))),
    ...(timeZone !== undefined && { timeZone: zoneOf(timeZone, under), zoneSource: null }),
  };
}

async function emailOf(
  { db }: Scope,
  text: string | null,
  { id, under }: { id: string | undefined; under: string },
) {
  if (!text) return { email: null, emailNormalized: null, emailKind: null };
  const email = readEmail(text);
  if (!email)
    throw invalid(`${under}email`, 'This is not an address that mail can be delivered to.');
  const other = await db
    .selectFrom('contacts')
    .select('id')
    .where('emailNormalized', '=', email.normalized)
    .where(sql<boolean>`id is distinct from ${id ?? null}::uuid`)
    .where('mergedInto', 'is', null)
    .where('deletedAt', 'is', null)
    .executeTakeFirst();
  if (other) {
    const message = 'Another contact has this address already.';
    throw new Refusal('conflict', message, [{ field: `${under}email`, message }]);
  }
  return { email: email.address, emailNormalized: email.normalized, emailKind: email.kind };
}

async function phoneOf({ db }: Scope, text: string | null, under: string) {
  if (!text) return { phone: null, phoneE164: null, phoneType: null, smsEligible: false };
  const { defaultRegion } = await db
    .selectFrom('workspaces')
    .select('defaultRegion')
    .executeTakeFirstOrThrow();
  const phone = readPhone(text, defaultRegion);
  if (!phone) throw invalid(`${under}phone`, 'This is not a telephone number.');
  return { phone: phone.text, phoneE164: phone.e164 };
}

/** A zone that a person chose has no source: enrichment leaves it alone. */
function zoneOf(zone: string | null, under: string): string | null {
  if (zone && !Intl.supportedValuesOf('timeZone').includes(zone)) {
    throw invalid(`${under}timeZone`, `“${zone}” is not a time zone, such as America/Phoenix.`);
  }
  return zone;
}

/** The words their leads are found by; and a new address is looked into. */
async function refreshSearch(scope: Scope, contactId: string, lookInto: boolean): Promise<void> {
  const { rows } = await sql<{ id: string; isOpen: boolean }>`
    update leads l set search =
      lower(concat_ws(' ', c.first_name, c.last_name, c.email, c.phone, c.phone_e164, co.name, co.domain))
    from contacts c left join companies co on co.id = c.company_id
    where l.contact_id = c.id and c.id = ${contactId} returning l.id, l.is_open`.execute(scope.db);
  const open = rows.filter(({ isOpen }) => isOpen).map(({ id }) => id);
  if (lookInto) await gatherLater(scope, 'leadIntake', open);
}
