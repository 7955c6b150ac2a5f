import { sql } from 'kysely';
import { type NewProduct, Product, type ProductChange } from '#domain/product.ts';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import { insertRows } from './rows.ts';
import type { Scope } from './scope.ts';

const columns = Object.keys(Product.shape) as (keyof Product)[];

/** What is sold, by name. */
export async function listProducts(
  { db }: Scope,
  { q, archived = false, limit }: { q?: string; archived?: boolean; limit: number },
): Promise<Product[]> {
  const words = `%${(q ?? '').trim().replace(/[\\%_]/g, '\\$&')}%`;
  return db
    .selectFrom('products')
    .select(columns)
    .$if(!archived, (all) => all.where('archivedAt', 'is', null))
    .$if(Boolean(q?.trim()), (all) =>
      all.where(sql<boolean>`(name ilike ${words} or sku ilike ${words})`),
    )
    .orderBy('name')
    .orderBy('id')
    .limit(limit)
    .execute();
}

export async function addProduct(scope: Scope, product: NewProduct): Promise<Product> {
  const { workspaceId } = scope;
  const [made] = await insertRows(scope, 'products', [{ workspaceId, ...product }], columns);
  if (!made) {
    const message = `There is a product “${product.sku}” already.`;
    throw new Refusal('conflict', message, [{ field: 'sku', message }]);
  }
  changed(scope, 'deals');
  return made;
}

/** Deals keep the price that they were given. */
export async function changeProduct(
  scope: Scope,
  id: string,
  { archived, ...change }: ProductChange,
): Promise<Product> {
  const archivedAt = archived ? sql<string>`coalesce(archived_at, now())` : null;
  const row = await scope.db
    .updateTable('products')
    .set({ ...change, updatedAt: sql<string>`now()` })
    .$if(archived !== undefined, (all) => all.set({ archivedAt }))
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirst();
  if (!row) throw new Refusal('not-found', 'There is no such product.');
  changed(scope, 'deals');
  return row;
}
