import { type Selectable, sql } from 'kysely';
import type { Arrival } from '#domain/arrival.ts';
import { fill, fillRows, insertRows, type Known, known } from './rows.ts';
import type { Companies } from './schema.ts';
import type { Scope } from './scope.ts';

export type KnownCompany = Known<'companies'>;
type Row = Partial<Selectable<Companies>>;

/** The company of each arrival, found or made: by place, else by domain, else by name. Nothing for a person without one. */
export async function settleCompanies(
  scope: Scope,
  arrivals: Arrival[],
): Promise<(KnownCompany | undefined)[]> {
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const book = bookOf(await candidates(scope, arrivals));
    const settled = arrivals.map((arrival) => settle(book, arrival));
    if (!(await insertNew(scope, book.all))) continue;
    await fillRows(scope, 'companies', book.all);
    return settled;
  }
  throw new Error('Companies keep appearing under other names.');
}

/** Everything known under what the arrivals name. */
function candidates({ db }: Scope, arrivals: Arrival[]): Promise<Row[]> {
  const named = arrivals.filter((arrival) => isCompany(arrival));
  if (named.length === 0) return Promise.resolve([]);
  const places = present(named.map(({ placeId }) => placeId));
  const domains = present(named.map(({ domain }) => domain));
  const names = present(named.map(({ companyKey }) => companyKey));
  return db
    .selectFrom('companies')
    .selectAll()
    .where(
      sql<boolean>`merged_into is null and deleted_at is null and (place_id = any(${places}) or domain = any(${domains}) or name_normalized = any(${names}))`,
    )
    .orderBy('id')
    .execute();
}

interface Book {
  all: KnownCompany[];
  byPlace: Map<string, KnownCompany>;
  byDomain: Map<string, KnownCompany[]>;
  byName: Map<string, KnownCompany[]>;
}

function bookOf(rows: Row[]): Book {
  const book: Book = { all: [], byPlace: new Map(), byDomain: new Map(), byName: new Map() };
  for (const row of rows) enter(book, known<'companies'>(row));
  return book;
}

function enter(book: Book, company: KnownCompany): void {
  book.all.push(company);
  file(book, company);
}

function file({ byPlace, byDomain, byName }: Book, company: KnownCompany): void {
  const { placeId, domain, nameNormalized } = company.row;
  if (placeId) byPlace.set(placeId, company);
  if (domain) put(byDomain, domain, company);
  if (nameNormalized) put(byName, nameNormalized, company);
}

function put(shelf: Map<string, KnownCompany[]>, key: string, company: KnownCompany): void {
  const there = shelf.get(key) ?? [];
  if (!there.includes(company)) shelf.set(key, [...there, company]);
}

function settle(book: Book, arrival: Arrival): KnownCompany | undefined {
  if (!isCompany(arrival)) return undefined;
  const found = byPlace(book, arrival) ?? byDomain(book, arrival) ?? byName(book, arrival);
  const company = found ?? known<'companies'>({}, true);
  if (!found) book.all.push(company);
  fill(company, valuesOf(arrival));
  if (isPlaceless(company.row)) fill(company, addressOf(arrival));
  file(book, company);
  return company;
}

function isCompany({ placeId, domain, companyKey }: Arrival): boolean {
  return Boolean(placeId ?? domain ?? companyKey);
}

function byPlace(book: Book, { placeId }: Arrival): KnownCompany | undefined {
  return placeId ? book.byPlace.get(placeId) : undefined;
}

/** Among several places under one domain: the one without a place, else of the same name, else the oldest. */
function byDomain(book: Book, arrival: Arrival): KnownCompany | undefined {
  const there = (book.byDomain.get(arrival.domain ?? '') ?? []).filter(mayBe(arrival));
  return (
    there.find(({ row }) => !row.placeId) ??
    there.find(({ row }) => arrival.companyKey && row.nameNormalized === arrival.companyKey) ??
    there[0]
  );
}

/** A name alone means the company of that name, unless there are several. */
function byName(book: Book, arrival: Arrival): KnownCompany | undefined {
  const there = (book.byName.get(arrival.companyKey ?? '') ?? [])
    .filter(mayBe(arrival))
    .filter(({ row }) => !row.domain || !arrival.domain || row.domain === arrival.domain);
  const bare = there.find(({ row }) => !row.placeId && !row.domain);
  return bare ?? (there.length === 1 ? there[0] : undefined);
}

/** Two places are never one company. */
function mayBe({ placeId }: Arrival) {
  return ({ row }: KnownCompany) => !row.placeId || !placeId || row.placeId === placeId;
}

function valuesOf(arrival: Arrival): Row {
  const { company, companyKey, domain, placeId, website, mapsUrl, industry } = arrival;
  return {
    ...{ name: company, nameNormalized: companyKey, domain, placeId, website, mapsUrl, industry },
    ...{ linkedin: arrival.companyLinkedin, size: arrival.companySize },
  };
}

/** Half of one address and half of another would be neither. */
function isPlaceless(row: Row): boolean {
  return !row.line1 && !row.city && !row.postalCode;
}

function addressOf({ address = {} }: Arrival): Row {
  const { line1, city, region, postalCode, country } = address;
  return { line1, city, region, postalCode, country };
}

/** Answers whether all went in; otherwise somebody was faster, and all are looked for again. */
async function insertNew(scope: Scope, all: KnownCompany[]): Promise<boolean> {
  const fresh = all.filter(({ isNew }) => isNew);
  // In one order, so that two who insert the same never wait for each other.
  const rows = fresh.toSorted((a, b) => (keyOf(a.row) < keyOf(b.row) ? -1 : 1));
  const inserted = await insertRows(
    scope,
    'companies',
    rows.map(({ row }) => ({ workspaceId: scope.workspaceId, ...row })),
    ['id', 'placeId', 'domain', 'nameNormalized'],
  );
  const ids = new Map(inserted.map((row) => [keyOf(row), row.id]));
  for (const { row } of fresh) row.id = ids.get(keyOf(row));
  return inserted.length === fresh.length;
}

function keyOf({ placeId, domain, nameNormalized }: Row): string {
  if (placeId) return `p:${placeId}`;
  return domain ? `d:${domain}` : `n:${nameNormalized}`;
}

function present(values: (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined))];
}
