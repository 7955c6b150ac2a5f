import { z } from 'zod';
import { isOneSlip, jaroWinkler } from './similarity.ts';

/** Why two records may be one: `weight` in bits, above zero speaks for it, below zero against it. */
export const LikenessReason = z.object({ field: z.string(), says: z.string(), weight: z.number() });
export type LikenessReason = z.infer<typeof LikenessReason>;

export const Likeness = z.object({
  score: z.number().min(0).max(1),
  reasons: z.array(LikenessReason),
});
export type Likeness = z.infer<typeof Likeness>;

const Weights = z.record(z.string(), z.record(z.string(), z.number().min(-40).max(40)));

/** The table of rules/duplicates.yaml: what each finding is worth, in bits. */
export const DuplicateSettings = z.strictObject({
  threshold: z.number().min(0).max(1),
  contact: z.strictObject({ prior: z.number().negative(), weights: Weights }),
  company: z.strictObject({ prior: z.number().negative(), weights: Weights }),
});
export type DuplicateSettings = z.infer<typeof DuplicateSettings>;
export type Table = DuplicateSettings['contact'];

/** What the comparison of one field came to: the word of the table, and how a person would say it. */
export interface Found {
  field: string;
  level: string;
  says: string;
}

/**
 * How likely two records are one, from what was found in each field: the bits are added to those of the prior and
 * read as odds (Fellegi and Sunter, 1969). A finding that the table does not know weighs nothing.
 */
export function weigh(table: Table, found: (Found | undefined)[]): Likeness {
  const reasons: LikenessReason[] = [];
  let bits = table.prior;
  for (const finding of found) {
    const weight = finding && table.weights[finding.field]?.[finding.level];
    if (!weight) continue;
    bits += weight;
    reasons.push({ field: finding.field, says: finding.says, weight });
  }
  reasons.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  return { score: 1 / (1 + 2 ** -bits), reasons };
}

/** Letters and digits only, in lower case and without accents. */
export function squeeze(text: string | null | undefined): string {
  return (text ?? '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

type Text = string | null | undefined;

/** The finding of two spellings of a word; a code (`slipOnly`) is alike only when one slip apart. */
export function near(
  field: string,
  says: string,
  one: string,
  other: string,
  slipOnly = false,
): Found | undefined {
  if (!one || !other) return undefined;
  if (one === other) return { field, level: 'same', says: `the same ${says}` };
  const alike = isOneSlip(one, other) || (!slipOnly && jaroWinkler(one, other) >= 0.9);
  if (alike) return { field, level: 'alike', says: `nearly the same ${says}` };
  return { field, level: 'differs', says: `another ${says}` };
}

/** The finding of two values that are one or are not. */
export function equal(field: string, says: string, one: Text, other: Text): Found | undefined {
  if (!one || !other) return undefined;
  if (one === other) return { field, level: 'same', says: `the same ${says}` };
  return { field, level: 'differs', says: `another ${says}` };
}

/** A link to a page of theirs without scheme, `www` and what follows the path. */
export function profile(url: Text): string {
  return (url ?? '')
    .toLowerCase()
    .replace(/^https?:\/\/(\w+\.)?linkedin/, 'linkedin')
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '');
}

export const Mergeable = z.enum(['contact', 'company']);
export type Mergeable = z.infer<typeof Mergeable>;

/** A contact or a company as a person needs it to tell whether it is another's double. */
export const Twin = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string().nullable(),
  domain: z.string().nullable(),
  phone: z.string().nullable(),
  company: z.string().nullable(),
  title: z.string().nullable(),
  city: z.string().nullable(),
  region: z.string().nullable(),
  owner: z.string().nullable(),
  leads: z.int(),
  deals: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Twin = z.infer<typeof Twin>;

/** Two records that may be one, as the queue shows them. */
export const Duplicate = z.object({
  record: Mergeable,
  ...Likeness.shape,
  foundAt: z.iso.datetime(),
  first: Twin,
  second: Twin,
});
export type Duplicate = z.infer<typeof Duplicate>;

/** How far a search among all of them has come. */
export const DuplicateScan = z.object({
  id: z.uuid(),
  record: Mergeable,
  total: z.int(),
  done: z.int(),
  found: z.int(),
  status: z.enum(['running', 'done', 'failed']),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});
export type DuplicateScan = z.infer<typeof DuplicateScan>;
