import { z } from 'zod';
import { MOST_CENTS } from './deal-change.ts';

const Cents = z.int().min(0, 'A price is not negative.').max(MOST_CENTS);

/** What is sold. A deal line copies its price and its cost, so that a change here changes no deal. */
export const Product = z.object({
  id: z.uuid(),
  sku: z.string(),
  name: z.string(),
  priceCents: z.int(),
  costCents: z.int().nullable(),
  archivedAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Product = z.infer<typeof Product>;

export const NewProduct = z.object({
  sku: z.string().trim().min(1, 'Give it a number.').max(100),
  name: z.string().trim().min(1, 'Give it a name.').max(300),
  priceCents: Cents,
  costCents: Cents.nullable().optional(),
});
export type NewProduct = z.infer<typeof NewProduct>;

export const ProductChange = z.object({
  ...NewProduct.partial().shape,
  archived: z.boolean().optional(),
});
export type ProductChange = z.infer<typeof ProductChange>;
