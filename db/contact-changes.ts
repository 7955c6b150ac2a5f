import { sql, type Updateable } from 'kysely';
import { readEmail } from '#domain/email.ts';
import { identityOf, personKey } from '#domain/identity.ts';
import type { LeadChange } from '#domain/lead.ts';
import { readPhone } from '#domain/phone.ts';
import { Refusal } from '#domain/refusal.ts';
import { gatherLater } from './outbox.ts';
import type { Contacts } from './schema.ts';
import type { Scope } from './scope.ts';

/** Changes a person as somebody asked; an address that another person has is refused. */
export async function changeContact(
  scope: Scope,
  id: string,
  change: NonNullable<LeadChange['contact']>,
): Promise<void> {
  const { db } = scope;
  const before = await db
    .selectFrom('contacts')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirstOrThrow();
  const { email, phone, timeZone, ...plain } = change;
  const after: Updateable<Contacts> = { ...plain };
  if (email !== undefined) Object.assign(after, await emailOf(scope, id, email));
  if (phone !== undefined) Object.assign(after, await phoneOf(scope, phone));
  if (timeZone !== undefined)
    Object.assign(after, { timeZone: zoneOf(timeZone), zoneSource: null });
  const all = { ...before, ...after };
  const nameNormalized = personKey(all.firstName, all.lastName);
  if (!all.emailNormalized && !all.phoneE164 && !before.companyId) {
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
    .executeTakeFirst();
  await db
    .updateTable('contacts')
    .set({ ...after, nameNormalized, ...(taken ? {} : { identity }), updatedAt: sql`now()` })
    .where('id', '=', id)
    .execute();
  await refreshSearch(scope, id, Boolean(email ?? phone));
}

async function emailOf({ db }: Scope, id: string, text: string | null) {
  if (!text) return { email: null, emailNormalized: null, emailKind: null };
  const email = readEmail(text);
  if (!email)
    throw invalid('contact.email', 'This is not an address that mail can be delivered to.');
  const other = await db
    .selectFrom('contacts')
    .select('id')
    .where('emailNormalized', '=', email.normalized)
    .where('id', '<>', id)
    .executeTakeFirst();
  if (other) {
    const message = 'Another contact has this address already.';
    throw new Refusal('conflict', message, [{ field: 'contact.email', message }]);
  }
  return { email: email.address, emailNormalized: email.normalized, emailKind: email.kind };
}

async function phoneOf({ db }: Scope, text: string | null) {
  if (!text) return { phone: null, phoneE164: null, phoneType: null, smsEligible: false };
  const { defaultRegion } = await db
    .selectFrom('workspaces')
    .select('defaultRegion')
    .executeTakeFirstOrThrow();
  const phone = readPhone(text, defaultRegion);
  if (!phone) throw invalid('contact.phone', 'This is not a telephone number.');
  return { phone: phone.text, phoneE164: phone.e164 };
}

/** A zone that a person chose has no source: enrichment leaves it alone. */
function zoneOf(zone: string | null): string | null {
  if (zone && !Intl.supportedValuesOf('timeZone').includes(zone)) {
    throw invalid('contact.timeZone', `“${zone}” is not a time zone, such as America/Phoenix.`);
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

function invalid(field: string, message: string): Refusal {
  return new Refusal('invalid', message, [{ field, message }]);
}
