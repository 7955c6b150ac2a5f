import { type Selectable, sql, type Updateable } from 'kysely';
import type { CompanyChange, CompanyInput } from '#domain/company.ts';
import { companyKey } from '#domain/identity.ts';
import { readPhone } from '#domain/phone.ts';
import { countryCode } from '#domain/place.ts';
import { invalid, Refusal } from '#domain/refusal.ts';
import { companyDomain, hostOf } from '#domain/website.ts';
import { changed } from './changes.ts';
import { refuseOlder, shown } from './conflicts.ts';
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
import type { Companies } from './schema.ts';
import type { Scope } from './scope.ts';

type Row = Selectable<Companies>;

/** Makes a company; one that is known by the same place, domain or name is refused and named. */
export async function addCompany(scope: Scope, input: CompanyInput): Promise<string> {
  const { workspaceId, actor } = scope;
  const ownerId = await memberOf(scope);
  const values = await valuesOf(scope, {}, { ownerId, ...input });
  await refuseTaken(scope, undefined, values);
  const row = { workspaceId, ...values };
  const [made] = await insertRows(scope, 'companies', [row] as never, ['id']);
  if (!made) throw new Refusal('conflict', 'This company was made by somebody else just now.');
  const line = { kind: 'company_created', title: 'Company added', companyId: made.id };
  await insertRows(scope, 'activities', [{ workspaceId, actor, ...line }], ['id']);
  changed(scope, 'companies');
  return made.id;
}

/** Changes a company as a person asked; who looked at an older state is refused and shown both. */
export async function changeCompany(
  scope: Scope,
  id: string,
  { updatedAt, ...change }: CompanyChange,
): Promise<void> {
  const before = await lockCompany(scope, id);
  refuseOlder(before, { updatedAt, ...change }, 'company');
  const after = await valuesOf(scope, before, change);
  await refuseTaken(scope, id, { ...before, ...after });
  await scope.db
    .updateTable('companies')
    .set({ ...after, updatedAt: sql`now()` })
    .where('id', '=', id)
    .execute();
  await tell(scope, before, after);
  changed(scope, 'companies', 'leads', 'deals');
}

/** Takes a company out of every list; what happened with it stays. One with open deals is kept. */
export async function deleteCompany(scope: Scope, id: string): Promise<void> {
  await lockCompany(scope, id);
  await refuseOpenDeals(scope, { companyId: id });
  await markDeleted(scope, 'companies', id);
  const { workspaceId, actor } = scope;
  const line = { kind: 'company_deleted', title: 'Company deleted', companyId: id };
  await insertRows(scope, 'activities', [{ workspaceId, actor, ...line }], ['id']);
  changed(scope, 'companies', 'contacts');
}

export function lockCompany(scope: Scope, id: string): Promise<Row> {
  return lockRecord(scope, 'companies', id);
}

/** What is compared is normalised: name, domain, number and country. */
async function valuesOf(
  scope: Scope,
  before: Partial<Row>,
  { fields, ...change }: Omit<CompanyChange, 'updatedAt'>,
): Promise<Updateable<Companies>> {
  const after = blankAsNull(change) as Updateable<Companies>;
  if (after.name !== undefined)
    after.nameNormalized = after.name ? (companyKey(after.name) ?? null) : null;
  const website = after.website ?? undefined;
  if (website && !hostOf(website)) throw invalid('website', 'This is no web address.');
  if (after.domain) {
    const host = hostOf(after.domain);
    if (!host) throw invalid('domain', 'This is no domain, such as acme.example.');
    after.domain = host;
  } else if (website && after.domain === undefined && !before.domain) {
    after.domain = companyDomain(hostOf(website)) ?? null;
  }
  if (after.country) after.country = countryCode(after.country) ?? after.country;
  if (after.phone !== undefined) after.phoneE164 = await numberOf(scope, after.phone);
  if (change.status !== undefined) await refuseStatus(scope, change.status);
  await refuseUnknown(scope, 'members', change.ownerId, 'ownerId');
  if (fields !== undefined) after.fields = JSON.stringify(fields);
  return after;
}

async function numberOf({ db }: Scope, phone: string | null): Promise<string | null> {
  if (!phone) return null;
  const { defaultRegion } = await db
    .selectFrom('workspaces')
    .select('defaultRegion')
    .executeTakeFirstOrThrow();
  const read = readPhone(phone, defaultRegion);
  if (!read) throw invalid('phone', 'This is not a telephone number.');
  return read.e164;
}

async function refuseStatus({ db }: Scope, status: string): Promise<void> {
  const terms = await db
    .selectFrom('taxonomyTerms')
    .select('slug')
    .where('taxonomy', '=', 'company-status')
    .where('archivedAt', 'is', null)
    .execute();
  const known = terms.length > 0 ? terms.map(({ slug }) => slug) : ['LEAD', 'CUSTOMER'];
  if (!known.includes(status))
    throw invalid('status', `The status “${status}” is not one of ours.`);
}

/** A company is known by its place, else its domain, else its name: one living row for each. */
async function refuseTaken(
  { db }: Scope,
  id: string | undefined,
  row: Partial<Row> | Updateable<Companies>,
): Promise<void> {
  const { placeId, domain, nameNormalized } = row as Partial<Row>;
  const [field, is] = placeId
    ? (['placeId', sql`place_id = ${placeId}`] as const)
    : domain
      ? (['domain', sql`place_id is null and domain = ${domain}`] as const)
      : ([
          'name',
          sql`place_id is null and domain is null and name_normalized = ${nameNormalized ?? null}`,
        ] as const);
  const { rows } = await sql<{ id: string; name: string | null }>`
    select id, coalesce(name, domain) as name from companies
    where merged_into is null and deleted_at is null and ${is} and id is distinct from ${id ?? null}::uuid limit 1`.execute(
    db,
  );
  if (!rows[0]) return;
  const message = `There is “${rows[0].name}” already, known by the same ${field === 'placeId' ? 'place' : field}.`;
  throw new Refusal('conflict', message, [{ field, message }]);
}

/** A line for each thing that changed. */
async function tell(scope: Scope, before: Row, after: Updateable<Companies>): Promise<void> {
  const { workspaceId, actor } = scope;
  const lines = differing(tracked, before, after).map(({ field, kind, name }) => ({
    ...{ workspaceId, actor, companyId: before.id, kind },
    title: `${name} ${shown(before[field])} → ${shown(after[field])}`,
    data: { from: before[field] ?? null, to: after[field] ?? null },
  }));
  await insertRows(scope, 'activities', lines as never, ['id']);
}

const tracked = [
  { field: 'status', kind: 'status_changed', name: 'Status' },
  { field: 'ownerId', kind: 'owner_changed', name: 'Owner' },
  { field: 'name', kind: 'renamed', name: 'Name' },
] as const;
