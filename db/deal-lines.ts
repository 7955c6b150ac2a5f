import { type Selectable, sql } from 'kysely';
import type { Deal } from '#domain/deal.ts';
import { MOST_CENTS } from '#domain/deal-change.ts';
import {
  type DealLine,
  type DealLineChange,
  type DealSum,
  lineTotal,
  type NewDealLine,
  sumOf,
  withMargin,
} from '#domain/deal-line.ts';
import { invalid, Refusal } from '#domain/refusal.ts';
import { refuseOvertakenLine } from './deal-conflicts.ts';
import { settleAmount } from './deal-amount.ts';
import { getDeal, lockDeal } from './deals.ts';
import { mayOverrule } from './overruling.ts';
import type { DealLines } from './schema.ts';
import type { Scope } from './scope.ts';

const columns = [
  ...(['id', 'productId', 'sku', 'name', 'quantity', 'unitPriceCents', 'unitCostCents'] as const),
  ...(['totalCents', 'position', 'pricedAt'] as const),
] as const;
const discount = sql<number>`discount_percent::float8`.as('discountPercent');

const MOST_LINES = 200;
const FLOOR_PERCENT = 15;

export interface Lines {
  deal: Deal;
  items: DealLine[];
  sum: DealSum;
}

/** The lines of a deal with their margins, and what they come to. */
export async function linesOf(scope: Scope, dealId: string): Promise<Lines> {
  const deal = await getDeal(scope, dealId);
  const floor = await floorOf(scope);
  const rows = await scope.db
    .selectFrom('dealLines')
    .select([...columns, discount])
    .where('dealId', '=', dealId)
    .orderBy('position')
    .orderBy('id')
    .execute();
  const items = rows.map((row) => withMargin(row, floor));
  return { deal, items, sum: sumOf(items, floor) };
}

/** Adds what is sold at the price and the cost of its product now; a later price changes nothing here. */
export async function addLine(scope: Scope, dealId: string, given: NewDealLine): Promise<Lines> {
  const before = await lockDeal(scope, dealId);
  if (before.lineCount >= MOST_LINES) {
    throw new Refusal('invalid', `A deal has at most ${MOST_LINES} lines.`);
  }
  const product = await productOf(scope, given.productId);
  const unitPriceCents = given.unitPriceCents ?? product?.priceCents;
  if (unitPriceCents === undefined) throw invalid('unitPriceCents', 'Say what one costs.');
  if (product && unitPriceCents !== product.priceCents) await refuseOverride(scope);
  const { quantity, discountPercent } = given;
  refuseTooMuch({ unitPriceCents, quantity, discountPercent });
  const line = await scope.db
    .insertInto('dealLines')
    .values({
      ...{ workspaceId: scope.workspaceId, dealId, quantity, unitPriceCents },
      ...{ productId: product?.id ?? null, sku: given.sku ?? product?.sku ?? null },
      ...{ name: given.name ?? product!.name, discountPercent: String(discountPercent) },
      unitCostCents: given.unitCostCents ?? product?.costCents ?? null,
      position: sql<number>`(select coalesce(max(position), -1) + 1 from deal_lines where deal_id = ${dealId})`,
    })
    .returning([...columns, discount])
    .executeTakeFirstOrThrow();
  await settleAmount(scope, before, { kind: 'line_added', after: shown(line) });
  return linesOf(scope, dealId);
}

/** Changes a line. The price of a product is overridden by a manager only. */
export async function changeLine(
  scope: Scope,
  { dealId, lineId }: { dealId: string; lineId: string },
  { updatedAt, ...wanted }: DealLineChange,
): Promise<Lines> {
  const before = await lockDeal(scope, dealId);
  const line = await getLine(scope, dealId, lineId);
  const values = Object.fromEntries(
    Object.entries(wanted).filter(([field, value]) => value !== line[field as keyof typeof line]),
  ) as typeof wanted;
  await refuseOvertakenLine(scope, before, { since: updatedAt, line, values });
  if (Object.keys(values).length === 0) return linesOf(scope, dealId);
  if (values.unitPriceCents !== undefined && line.productId) await refuseOverride(scope);
  refuseTooMuch({ ...line, ...values });
  const { discountPercent, ...rest } = values;
  const after = await scope.db
    .updateTable('dealLines')
    .set({ id: lineId, ...rest })
    .$if(discountPercent !== undefined, (all) =>
      all.set({ discountPercent: String(discountPercent) }),
    )
    .where('id', '=', lineId)
    .returning([...columns, discount])
    .executeTakeFirstOrThrow();
  const fields = [...Object.keys(values), 'totalCents'] as (keyof typeof line)[];
  await settleAmount(scope, before, {
    kind: 'line_changed',
    before: shown(line, fields),
    after: shown(after, fields),
  });
  return linesOf(scope, dealId);
}

export async function removeLine(
  scope: Scope,
  { dealId, lineId }: { dealId: string; lineId: string },
): Promise<Lines> {
  const before = await lockDeal(scope, dealId);
  const line = await getLine(scope, dealId, lineId);
  await scope.db.deleteFrom('dealLines').where('id', '=', lineId).execute();
  await settleAmount(scope, before, { kind: 'line_removed', before: shown(line) });
  return linesOf(scope, dealId);
}

type Row = Omit<Selectable<DealLines>, 'discountPercent' | 'workspaceId' | 'dealId'> & {
  discountPercent: number;
};

async function getLine({ db }: Scope, dealId: string, lineId: string): Promise<Row> {
  const line = await db
    .selectFrom('dealLines')
    .select([...columns, discount])
    .where('dealId', '=', dealId)
    .where('id', '=', lineId)
    .executeTakeFirst();
  if (!line) throw new Refusal('not-found', 'There is no such line.');
  return line;
}

async function productOf({ db }: Scope, id: string | undefined) {
  if (!id) return undefined;
  const product = await db
    .selectFrom('products')
    .select(['id', 'sku', 'name', 'priceCents', 'costCents'])
    .where('id', '=', id)
    .where('archivedAt', 'is', null)
    .executeTakeFirst();
  if (!product) throw invalid('productId', 'There is no such product.');
  return product;
}

async function floorOf({ db, workspaceId }: Scope): Promise<number> {
  const { floor } = await db
    .selectFrom('workspaces')
    .select(sql<unknown>`settings->'marginFloorPercent'`.as('floor'))
    .where('id', '=', workspaceId)
    .executeTakeFirstOrThrow();
  return typeof floor === 'number' ? floor : FLOOR_PERCENT;
}

async function refuseOverride(scope: Scope): Promise<void> {
  if (await mayOverrule(scope)) return;
  throw new Refusal('forbidden', 'Only a manager may change the price of a product.');
}

function refuseTooMuch(line: Parameters<typeof lineTotal>[0]): void {
  if (lineTotal({ ...line, discountPercent: 0 }) <= BigInt(MOST_CENTS)) return;
  throw invalid('quantity', 'This comes to more than a deal can be worth.');
}

function shown(row: Row, fields = Object.keys(row) as (keyof Row)[]): Record<string, unknown> {
  const some = Object.fromEntries(fields.map((field) => [field, row[field]]));
  return { ...some, id: row.id, name: row.name };
}
