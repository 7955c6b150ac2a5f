import { z } from 'zod';

export const viewLists = [
  ...(['leads', 'companies', 'contacts', 'deals', 'customers', 'activities', 'ledger'] as const),
] as const;

/** Which columns a list shows, how it is grouped and what is summed, under a name. */
export const SavedView = z.object({
  id: z.uuid(),
  list: z.enum(viewLists),
  name: z.string(),
  /** The part of the address after the question mark: filters and sort. */
  query: z.string(),
  columns: z.array(z.string()),
  grouping: z.string().nullable(),
  sums: z.array(z.string()),
  ownerId: z.string(),
  isShared: z.boolean(),
  isMine: z.boolean(),
  position: z.int(),
  updatedAt: z.iso.datetime(),
});
export type SavedView = z.infer<typeof SavedView>;

const name = z.string().trim().min(1).max(100);
const word = z.string().min(1).max(60);
const query = z
  .string()
  .max(2000)
  .regex(/^[^?#\s]*$/, 'This is not the part of an address after its question mark.');

/** A view as somebody saves it. */
export const SavedViewInput = z.object({
  list: z.enum(viewLists),
  name,
  query: query.default(''),
  columns: z.array(word).max(50).default([]),
  grouping: word.nullable().default(null),
  sums: z.array(word).max(20).default([]),
  isShared: z.boolean().default(false),
});
export type SavedViewInput = z.infer<typeof SavedViewInput>;

/** What somebody changes of it; `updatedAt` is the one they looked at. */
export const SavedViewChange = z.object({
  name: name.optional(),
  query: query.optional(),
  columns: z.array(word).max(50).optional(),
  grouping: word.nullable().optional(),
  sums: z.array(word).max(20).optional(),
  isShared: z.boolean().optional(),
  position: z.int().min(0).max(10_000).optional(),
  updatedAt: z.iso.datetime().optional(),
});
export type SavedViewChange = z.infer<typeof SavedViewChange>;

export const summedLists = ['leads', 'companies', 'contacts', 'deals'] as const;

/** One group of a list with its sums; money is in minor units of the workspace's currency. */
export const GroupSums = z.object({
  key: z.string().nullable(),
  label: z.string(),
  count: z.int(),
  sums: z.record(z.string(), z.number()),
});
export type GroupSums = z.infer<typeof GroupSums>;

export const ListSums = z.object({
  groups: z.array(GroupSums),
  total: GroupSums.pick({ count: true, sums: true }),
});
export type ListSums = z.infer<typeof ListSums>;
