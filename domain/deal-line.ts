import { z } from 'zod';
import { MOST_CENTS } from './deal-change.ts';

const Cents = z.int().min(0, 'A price is not negative.').max(MOST_CENTS);
const Quantity = z.int().min(1, 'At least one.').max(1_000_000);
/** Percent of 0 to 100, with up to two decimals. */
const Discount = z
  .number()
  .min(0, 'A discount is 0 to 100 %.')
  .max(100, 'A discount is 0 to 100 %.')
  .refine((percent) => Math.abs(percent * 100 - Math.round(percent * 100)) < 1e-6, {
    error: 'A discount has at most two decimals.',
  });

/** A line of a deal. Price and cost are those of its product when it was added, unless somebody overrode the price. */
export const DealLine = z.object({
  id: z.uuid(),
  productId: z.uuid().nullable(),
  sku: z.string().nullable(),
  name: z.string(),
  quantity: z.int(),
  unitPriceCents: z.int(),
  unitCostCents: z.int().nullable(),
  discountPercent: z.number(),
  totalCents: z.int(),
  position: z.int(),
  pricedAt: z.iso.datetime(),
  /** What is left of the total after the cost; nothing without a cost. */
  marginCents: z.int().nullable(),
  /** Of the total, to one decimal; nothing without a cost or a total. */
  marginPercent: z.number().nullable(),
  /** What has to be agreed to, in words. */
  warning: z.string().nullable(),
});
export type DealLine = z.infer<typeof DealLine>;

export const NewDealLine = z
  .object({
    productId: z.uuid().optional(),
    name: z.string().trim().min(1).max(300).optional(),
    sku: z.string().trim().max(100).optional(),
    quantity: Quantity.default(1),
    unitPriceCents: Cents.optional(),
    unitCostCents: Cents.nullable().optional(),
    discountPercent: Discount.default(0),
  })
  .refine(({ productId, name }) => productId ?? name, {
    error: 'Name a product, or what is sold.',
    path: ['productId'],
  });
export type NewDealLine = z.infer<typeof NewDealLine>;

/** `updatedAt` is of the deal that was looked at. */
export const DealLineChange = z.object({
  name: z.string().trim().min(1).max(300).optional(),
  quantity: Quantity.optional(),
  unitPriceCents: Cents.optional(),
  unitCostCents: Cents.nullable().optional(),
  discountPercent: Discount.optional(),
  position: z.int().min(0).max(1000).optional(),
  updatedAt: z.iso.datetime().optional(),
});
export type DealLineChange = z.infer<typeof DealLineChange>;

/** A deal as the sum of its lines. */
export const DealSum = z.object({
  listCents: z.int(),
  discountCents: z.int(),
  totalCents: z.int(),
  /** Of the lines whose cost is known. */
  marginCents: z.int().nullable(),
  marginPercent: z.number().nullable(),
  floorPercent: z.number(),
  warnings: z.array(z.string()),
});
export type DealSum = z.infer<typeof DealSum>;

type Priced = Pick<DealLine, 'unitPriceCents' | 'quantity' | 'discountPercent'>;

/**
 * Price × quantity less the discount, in whole cents: rounded per line, halves away from zero, as Postgres rounds. A
 * deal is the sum of its rounded lines, so no cent is lost between them.
 */
export function lineTotal({ unitPriceCents, quantity, discountPercent }: Priced): bigint {
  const kept = 10_000n - BigInt(Math.round(discountPercent * 100));
  return (BigInt(unitPriceCents) * BigInt(quantity) * kept + 5_000n) / 10_000n;
}

type Stored = Omit<DealLine, 'marginCents' | 'marginPercent' | 'warning'>;

/** A stored line with its margin, and a warning when that is under the floor (percent). */
export function withMargin(line: Stored, floorPercent: number): DealLine {
  const cost = line.unitCostCents === null ? null : line.unitCostCents * line.quantity;
  const marginCents = cost === null ? null : line.totalCents - cost;
  const marginPercent = percentOf(marginCents, line.totalCents);
  const isUnder = marginCents !== null && (marginPercent ?? -1) < floorPercent;
  const warning = isUnder
    ? `${line.name} is under your ${floorPercent} % margin floor; a manager has to agree.`
    : null;
  return { ...line, marginCents, marginPercent, warning };
}

export function sumOf(lines: DealLine[], floorPercent: number): DealSum {
  const costed = lines.filter(({ marginCents }) => marginCents !== null);
  const listCents = sum(lines.map(({ unitPriceCents, quantity }) => unitPriceCents * quantity));
  const totalCents = sum(lines.map((line) => line.totalCents));
  const marginCents = costed.length > 0 ? sum(costed.map((line) => line.marginCents!)) : null;
  return {
    ...{ listCents, totalCents, marginCents, floorPercent },
    discountCents: listCents - totalCents,
    marginPercent: percentOf(marginCents, sum(costed.map((line) => line.totalCents))),
    warnings: lines.flatMap(({ warning }) => warning ?? []),
  };
}

function percentOf(part: number | null, whole: number): number | null {
  return part === null || whole === 0 ? null : Math.round((part / whole) * 1000) / 10;
}

function sum(numbers: number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
