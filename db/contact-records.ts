import { type Selectable, sql } from 'kysely';
import type { ContactChange, ContactInput } from '#domain/contact.ts';
import { identityOf, personKey } from '#domain/identity.ts';
import { invalid, Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import { refuseOlder, shown } from './conflicts.ts';
import { changeContact, contactValues } from './contact-changes.ts';
import { refuseUnknown } from './named.ts';
import {
  blankAsNull,
  differing,
  lockRecord,
  markDeleted,
  memberOf,
  refuseOpenDeals,
} from './record-changes.ts';
import { insertRows } from './rows.ts';
import type { Contacts } from './schema.ts';
import type { Scope } from './scope.ts';
import { stopEnrolments } from './standing.ts';

/** Makes a contact; one with the same address is refused and named. */
export async function addContact(
  scope: Scope,
  { fields, companyId, ...input }: ContactInput,
): Promise<string> {
  const { workspaceId, actor } = scope;
  if (companyId) await companyThere(scope, companyId);
  await refuseUnknown(scope, 'members', input.ownerId, 'ownerId');
  const ownerId = input.ownerId === undefined ? await memberOf(scope) : input.ownerId;
  const values = await contactValues(scope, blankAsNull(input));
  const name = personKey(values.firstName, values.lastName);
  const { emailNormalized: email, phoneE164: phone } = values;
  if (!email && !phone && !(companyId && name)) {
    throw invalid('email', 'Give an address or a number, or a name and a company.');
  }
  const row = {
    ...{ workspaceId, ...values, companyId: companyId ?? null, ownerId, nameNormalized: name },
    ...(fields && { fields }),
    identity: identityOf({ email, phone, companyId, name }),
  };
  const [made] = await insertRows(scope, 'contacts', [row] as never, ['id']);
  if (!made) {
    const message =
      'This person is here already: the same number and name, or the same name there.';
    throw new Refusal('conflict', message, [{ field: phone ? 'phone' : 'lastName', message }]);
  }
  const line = { kind: 'contact_created', title: 'Contact added', contactId: made.id };
  await insertRows(
    scope,
    'activities',
    [{ workspaceId, actor, ...line, companyId: row.companyId }],
    ['id'],
  );
  changed(scope, 'contacts', 'companies');
  return made.id;
}

/** Changes a person as somebody asked; who looked at an older state is refused and shown both. */
export async function changeContactRecord(
  scope: Scope,
  id: string,
  { updatedAt, ...change }: ContactChange,
): Promise<void> {
  const before = await lockContact(scope, id);
  refuseOlder(before, { updatedAt, ...change }, 'contact');
  const { fields, ...rest } = change;
  const plain = blankAsNull(rest);
  if (plain.companyId) await companyThere(scope, plain.companyId);
  await refuseUnknown(scope, 'members', plain.ownerId, 'ownerId');
  const after = { ...plain, ...(fields && { fields: JSON.stringify(fields) }) };
  await changeContact(scope, id, after, '');
  await tell(scope, before, plain);
  changed(scope, 'contacts', 'companies', 'leads', 'deals');
}

/** Takes a person out of every list and every sequence; what happened stays. One with open deals is kept. */
export async function deleteContact(scope: Scope, id: string): Promise<void> {
  const { companyId } = await lockContact(scope, id);
  await refuseOpenDeals(scope, { contactId: id });
  const how = {
    reason: 'deleted',
    because: 'the contact was deleted',
    eventId: `deleted:${id}`,
  } as const;
  await stopEnrolments(scope, { contactId: id }, how);
  await sql`update tasks set cancelled_at = now(), outcome = 'deleted'
    where (contact_id = ${id} or lead_id in (select id from leads where contact_id = ${id}))
      and done_at is null and cancelled_at is null`.execute(scope.db);
  await sql`update leads set deleted_at = now(), updated_at = now()
    where contact_id = ${id} and deleted_at is null`.execute(scope.db);
  await markDeleted(scope, 'contacts', id);
  const { workspaceId, actor } = scope;
  const line = { kind: 'contact_deleted', title: 'Contact deleted', contactId: id, companyId };
  await insertRows(scope, 'activities', [{ workspaceId, actor, ...line }], ['id']);
  changed(scope, 'contacts', 'companies', 'leads', 'today');
}

export function lockContact(scope: Scope, id: string): Promise<Selectable<Contacts>> {
  return lockRecord(scope, 'contacts', id);
}

async function companyThere(scope: Scope, id: string): Promise<void> {
  const there = await scope.db
    .selectFrom('companies')
    .select('id')
    .where('id', '=', id)
    .where('mergedInto', 'is', null)
    .where('deletedAt', 'is', null)
    .executeTakeFirst();
  if (!there) throw invalid('companyId', 'There is no such company.');
}

async function tell(
  scope: Scope,
  before: Selectable<Contacts>,
  after: ContactChange,
): Promise<void> {
  const { workspaceId, actor } = scope;
  const lines = differing(tracked, before, after).map(({ field, kind, name }) => ({
    ...{ workspaceId, actor, contactId: before.id, companyId: before.companyId, kind },
    // Addresses and numbers stand in the record; the line says that they changed.
    title:
      field === 'ownerId' || field === 'title'
        ? `${name} ${shown(before[field])} → ${shown(after[field])}`
        : `${name} changed`,
  }));
  await insertRows(scope, 'activities', lines, ['id']);
}

const tracked = [
  { field: 'ownerId', kind: 'owner_changed', name: 'Owner' },
  { field: 'title', kind: 'title_changed', name: 'Title' },
  { field: 'email', kind: 'address_changed', name: 'Address' },
  { field: 'phone', kind: 'number_changed', name: 'Number' },
  { field: 'companyId', kind: 'company_changed', name: 'Company' },
] as const;
