import {
  type AddressChange,
  type AddressInput,
  type Address,
  toldAddresses,
} from '#domain/address.ts';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import { lockCompany } from './company-changes.ts';
import type { Scope } from './scope.ts';

const columns = [
  ...(['id', 'kind', 'line1', 'line2', 'city', 'region', 'postalCode', 'country'] as const),
  ...(['isDefault', 'createdAt'] as const),
] as const;

/** The addresses of a company; those of the record itself stand in its own columns. */
export async function listAddresses({ db }: Scope, companyId: string): Promise<Address[]> {
  const rows = await db
    .selectFrom('addresses')
    .select(columns)
    .where('companyId', '=', companyId)
    .orderBy('id')
    .execute();
  return toldAddresses(rows as never);
}

export async function addAddress(
  scope: Scope,
  companyId: string,
  input: AddressInput,
): Promise<Address[]> {
  const { db, workspaceId } = scope;
  await lockCompany(scope, companyId);
  if (input.isDefault) await yieldDefault(scope, companyId, input.kind);
  await db
    .insertInto('addresses')
    .values({ workspaceId, companyId, ...input })
    .execute();
  changed(scope, 'companies');
  return listAddresses(scope, companyId);
}

export async function changeAddress(
  scope: Scope,
  { companyId, id }: { companyId: string; id: string },
  change: AddressChange,
): Promise<Address[]> {
  await lockCompany(scope, companyId);
  const before = await scope.db
    .selectFrom('addresses')
    .select(['kind', 'isDefault'])
    .where('companyId', '=', companyId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!before) throw new Refusal('not-found', 'There is no such address.');
  if (change.isDefault ?? before.isDefault) {
    await yieldDefault(scope, companyId, change.kind ?? before.kind, id);
  }
  await scope.db
    .updateTable('addresses')
    .set({ id, ...change })
    .where('id', '=', id)
    .execute();
  changed(scope, 'companies');
  return listAddresses(scope, companyId);
}

export async function removeAddress(
  scope: Scope,
  { companyId, id }: { companyId: string; id: string },
): Promise<Address[]> {
  await lockCompany(scope, companyId);
  const { numDeletedRows } = await scope.db
    .deleteFrom('addresses')
    .where('companyId', '=', companyId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (numDeletedRows === 0n) throw new Refusal('not-found', 'There is no such address.');
  changed(scope, 'companies');
  return listAddresses(scope, companyId);
}

/** One default for each kind: the one before steps back. */
async function yieldDefault(
  { db }: Scope,
  companyId: string,
  kind: string,
  unless?: string,
): Promise<void> {
  await db
    .updateTable('addresses')
    .set({ isDefault: false })
    .where('companyId', '=', companyId)
    .where('kind', '=', kind)
    .where('isDefault', '=', true)
    .$if(unless !== undefined, (all) => all.where('id', '<>', unless!))
    .execute();
}
