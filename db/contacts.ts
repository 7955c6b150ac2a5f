import { type Selectable, sql } from 'kysely';
import type { Arrival } from '#domain/arrival.ts';
import { identityOf, namesAgree } from '#domain/identity.ts';
import { standingFor, type StandsFor } from './merged.ts';
import { fill, fillRows, insertRows, type Known, known } from './rows.ts';
import type { Contacts } from './schema.ts';
import type { Scope } from './scope.ts';

export type KnownContact = Known<'contacts'>;
type Row = Partial<Selectable<Contacts>>;

/** Who arrives, at which company, and whose lead it is already known to be. */
export interface Person {
  arrival: Arrival;
  companyId: string | undefined;
  contactId?: string;
}

/** The contact of each arrival, found or made: by address, else by number if neither address nor name conflicts. */
export async function settleContacts(scope: Scope, people: Person[]): Promise<KnownContact[]> {
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const book = await bookOf(scope, people);
    const settled = people.map((person) => settle(book, person));
    if (!(await insertNew(scope, book.all))) continue;
    for (const contact of book.all) renewIdentity(contact);
    await fillRows(scope, 'contacts', book.all);
    await writeIdentities(scope, book.all);
    return settled;
  }
  throw new Error('Contacts keep appearing under other identities.');
}

async function candidates({ db }: Scope, people: Person[], aliases: StandsFor[]): Promise<Row[]> {
  const emails = people.map(({ arrival }) => arrival.email?.normalized);
  const phones = people.map(({ arrival }) => arrival.phone?.e164);
  const identities = people.filter(({ companyId }) => companyId).map(nameless);
  const ids = [...people.map(({ contactId }) => contactId), ...aliases.map(({ id }) => id)];
  return db
    .selectFrom('contacts')
    .selectAll()
    .where(
      sql<boolean>`merged_into is null and deleted_at is null and (email_normalized = any(${present(emails)}) or phone_e164 = any(${present(phones)})
        or identity = any(${present(identities)}) or id = any(${present(ids)}::uuid[]))`,
    )
    .orderBy('id')
    .execute();
}

interface Book {
  all: KnownContact[];
  byId: Map<string, KnownContact>;
  byEmail: Map<string, KnownContact>;
  byPhone: Map<string, KnownContact[]>;
  byIdentity: Map<string, KnownContact>;
}

async function bookOf(scope: Scope, people: Person[]): Promise<Book> {
  const aliases = await standingFor(scope, {
    emails: present(people.map(({ arrival }) => arrival.email?.normalized)),
    phones: present(people.map(({ arrival }) => arrival.phone?.e164)),
  });
  const book: Book = {
    ...{ all: [], byId: new Map(), byEmail: new Map() },
    ...{ byPhone: new Map(), byIdentity: new Map() },
  };
  for (const row of await candidates(scope, people, aliases)) {
    const contact = known<'contacts'>(row);
    book.all.push(contact);
    file(book, contact);
  }
  for (const alias of aliases) fileAlias(book, alias);
  return book;
}

/** Who was merged is known by their old address and number as well, unless somebody else has them by now. */
function fileAlias({ byId, byEmail, byPhone }: Book, { id, email, phone }: StandsFor): void {
  const contact = byId.get(id);
  if (!contact) return;
  if (email && !byEmail.has(email)) byEmail.set(email, contact);
  const there = byPhone.get(phone ?? '') ?? [];
  if (phone && !there.includes(contact)) byPhone.set(phone, [...there, contact]);
}

function file({ byId, byEmail, byPhone, byIdentity }: Book, contact: KnownContact): void {
  const { id, emailNormalized, phoneE164, identity } = contact.row;
  if (id) byId.set(id, contact);
  if (emailNormalized) byEmail.set(emailNormalized, contact);
  if (identity) byIdentity.set(identity, contact);
  const there = byPhone.get(phoneE164 ?? '') ?? [];
  if (phoneE164 && !there.includes(contact)) byPhone.set(phoneE164, [...there, contact]);
}

function settle(book: Book, person: Person): KnownContact {
  const { arrival, companyId } = person;
  const found =
    book.byId.get(person.contactId ?? '') ??
    book.byEmail.get(arrival.email?.normalized ?? '') ??
    byPhone(book, arrival) ??
    book.byIdentity.get(nameless(person)) ??
    book.byIdentity.get(identityOfPerson(person));
  const contact = found ?? known<'contacts'>({ identity: identityOfPerson(person) }, true);
  if (!found) book.all.push(contact);
  const { email, phone, firstName, lastName, title, linkedin, address } = arrival;
  // Somebody's own record is not given another person's address.
  const sameMail = !contact.row.emailNormalized && !book.byEmail.has(email?.normalized ?? '');
  fill(contact, {
    ...{ companyId, title, linkedin },
    ...(sameMail && email
      ? { email: email.address, emailNormalized: email.normalized, emailKind: email.kind }
      : {}),
    ...(contact.row.phoneE164 ? {} : { phone: phone?.text, phoneE164: phone?.e164 }),
    ...(contact.row.nameNormalized
      ? {}
      : { firstName, lastName, nameNormalized: arrival.personKey }),
    ...{ city: address?.city, region: address?.region, country: address?.country },
  });
  file(book, contact);
  return contact;
}

function byPhone(book: Book, { phone, email, personKey }: Arrival): KnownContact | undefined {
  const there = (book.byPhone.get(phone?.e164 ?? '') ?? []).filter(
    ({ row }) => !(email && row.emailNormalized) && namesAgree(personKey, row.nameNormalized ?? ''),
  );
  return there.find(({ row }) => row.nameNormalized === personKey) ?? there[0];
}

/** What a person without address and number is known by, within the company. */
function nameless({ arrival, companyId }: Person): string {
  return identityOf({ companyId: companyId ?? null, name: arrival.personKey });
}

function identityOfPerson({ arrival, companyId }: Person): string {
  const { email, phone, personKey: name } = arrival;
  return identityOf({ email: email?.normalized, phone: phone?.e164, companyId, name });
}

async function insertNew(scope: Scope, all: KnownContact[]): Promise<boolean> {
  const fresh = all.filter(({ isNew }) => isNew);
  for (const { row } of fresh) row.nameNormalized ??= '';
  for (const { row } of fresh) row.identity = identityOfRow(row);
  const rows = fresh.toSorted((a, b) => (a.row.identity! < b.row.identity! ? -1 : 1));
  const inserted = await insertRows(
    scope,
    'contacts',
    rows.map(({ row }) => ({
      workspaceId: scope.workspaceId,
      ...row,
      identity: row.identity!,
    })),
    ['id', 'identity'],
  );
  const ids = new Map(inserted.map(({ id, identity }) => [identity, id]));
  for (const { row } of fresh) row.id = ids.get(row.identity!);
  return inserted.length === fresh.length;
}

/** Somebody of whom more is known is known by it. */
function renewIdentity({ row, isNew, added }: KnownContact): void {
  if (!isNew && Object.keys(added).length > 0) row.identity = identityOfRow(row);
}

function identityOfRow({ emailNormalized, phoneE164, companyId, nameNormalized }: Row): string {
  const name = nameNormalized ?? '';
  return identityOf({ email: emailNormalized, phone: phoneE164, companyId, name });
}

async function writeIdentities({ db }: Scope, all: KnownContact[]): Promise<void> {
  const changed = all.filter(({ isNew, added }) => !isNew && Object.keys(added).length > 0);
  if (changed.length === 0) return;
  const ids = changed.map(({ row }) => row.id!);
  const identities = changed.map(({ row }) => row.identity!);
  await sql`
    update contacts old set identity = new.identity,
      name_normalized = case when old.name_normalized = '' then new.name else old.name_normalized end
    from unnest(${ids}::uuid[], ${identities}::text[], ${changed.map(({ row }) => row.nameNormalized ?? '')}::text[])
      new (id, identity, name)
    where old.id = new.id
      and not exists (select from contacts other where other.identity = new.identity and other.id <> old.id
        and other.merged_into is null and other.deleted_at is null)`.execute(db);
}

function present(values: (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined))];
}
