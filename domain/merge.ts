import { z } from 'zod';
import { Mergeable } from './duplicate.ts';

const Value = z.unknown();

/** One field of two records that become one: what each says, and what the one that stays will say. */
export const MergeField = z.object({
  field: z.string(),
  label: z.string(),
  kept: Value,
  merged: Value,
  value: Value,
  chosen: z.enum(['kept', 'merged', 'both']),
  why: z.string(),
});
export type MergeField = z.infer<typeof MergeField>;

export const MergeWish = z.object({
  record: Mergeable,
  keptId: z.uuid(),
  mergedId: z.uuid(),
  /** Which of the two a field comes from, where it is not to be chosen for the person. */
  fields: z.record(z.string(), z.enum(['kept', 'merged'])).default({}),
});
export type MergeWish = z.infer<typeof MergeWish>;

export const MergePreview = z.object({
  record: Mergeable,
  keptId: z.uuid(),
  mergedId: z.uuid(),
  fields: z.array(MergeField),
  /** How many of each thing move to the one that stays, such as deals or messages. */
  moves: z.record(z.string(), z.int()),
  notices: z.array(z.string()),
});
export type MergePreview = z.infer<typeof MergePreview>;

export const Merge = z.object({
  id: z.uuid(),
  record: Mergeable,
  keptId: z.uuid(),
  mergedId: z.uuid(),
  keptName: z.string(),
  mergedName: z.string(),
  actor: z.string(),
  at: z.iso.datetime(),
  undoneAt: z.iso.datetime().nullable(),
  moves: z.record(z.string(), z.int()),
  /** Walks that ended because one person cannot walk twice. */
  stopped: z.int(),
});
export type Merge = z.infer<typeof Merge>;

type Row = Record<string, unknown>;

/** A field that is chosen as a whole: an address and what follows from it never come from two people. */
interface Group {
  field: string;
  label: string;
  columns: string[];
  rule?: 'either' | 'latest' | 'joined' | 'customer';
}

const groups: Record<Mergeable, Group[]> = {
  contact: [
    one('firstName', 'First name'),
    one('lastName', 'Last name'),
    one('title', 'Title'),
    one('email', 'Email', 'emailNormalized', 'emailKind'),
    one('phone', 'Phone', 'phoneE164', 'phoneType', 'smsEligible', 'smsVerified'),
    one('companyId', 'Company'),
    one('linkedin', 'LinkedIn'),
    one('timeZone', 'Time zone', 'zoneSource'),
    one('city', 'Place', 'region', 'country'),
    one('ownerId', 'Owner'),
    { ...one('notes', 'Notes'), rule: 'joined' },
    { ...one('fields', 'Own fields'), rule: 'joined' },
    { ...one('doNotContact', 'Do not contact'), rule: 'either' },
    { ...one('awayUntil', 'Away until'), rule: 'latest' },
    { ...one('lastActivityAt', 'Last activity'), rule: 'latest' },
  ],
  company: [
    one('name', 'Name', 'nameNormalized'),
    one('domain', 'Domain'),
    one('website', 'Website'),
    one('placeId', 'Place on the map', 'mapsUrl'),
    one('phone', 'Phone', 'phoneE164'),
    one('linkedin', 'LinkedIn'),
    one('line1', 'Address', 'city', 'region', 'postalCode', 'country'),
    one('industry', 'Industry', 'icp'),
    one('size', 'Size'),
    { ...one('status', 'Status'), rule: 'customer' },
    one('ownerId', 'Owner'),
    { ...one('notes', 'Notes'), rule: 'joined' },
    { ...one('fields', 'Own fields'), rule: 'joined' },
    { ...one('enrichedAt', 'Looked up'), rule: 'latest' },
    { ...one('lastActivityAt', 'Last activity'), rule: 'latest' },
  ],
};

/**
 * What two rows come to, field by field, and the columns that the one that stays is given. What is not said is chosen:
 * the kept one's value unless it is empty; the stricter, the later or both where a field is of that kind.
 */
export function mergeOf(
  record: Mergeable,
  kept: Row,
  merged: Row,
  picks: Record<string, 'kept' | 'merged'> = {},
): { fields: MergeField[]; values: Row } {
  const values: Row = {};
  const fields = groups[record].map((group) => {
    const choice = choose(group, kept, merged, picks[group.field]);
    const from = choice.chosen === 'merged' ? merged : kept;
    for (const column of group.columns) values[column] = from[column] ?? null;
    values[group.field] = choice.value;
    const { field, label } = group;
    return { field, label, kept: kept[field] ?? null, merged: merged[field] ?? null, ...choice };
  });
  return { fields, values };
}

/** The fields somebody may choose for a record. */
export function mergeFields(record: Mergeable): string[] {
  return groups[record].map(({ field }) => field);
}

function one(field: string, label: string, ...more: string[]): Group {
  return { field, label, columns: [field, ...more] };
}

type Choice = Pick<MergeField, 'chosen' | 'value' | 'why'>;

function choose(
  { field, columns, rule }: Group,
  kept: Row,
  merged: Row,
  pick: 'kept' | 'merged' | undefined,
): Choice {
  const [ours, theirs] = [kept[field], merged[field]];
  // Nobody may be written to again because somebody chose so in passing.
  if (rule === 'either') {
    const chosen = ours || !theirs ? 'kept' : 'merged';
    return {
      chosen,
      value: Boolean(ours ?? false) || Boolean(theirs ?? false),
      why: 'the stricter',
    };
  }
  if (pick)
    return { chosen: pick, value: (pick === 'kept' ? ours : theirs) ?? null, why: 'chosen' };
  if (rule === 'latest') {
    const chosen = String(theirs ?? '') > String(ours ?? '') ? 'merged' : 'kept';
    return { chosen, value: (chosen === 'kept' ? ours : theirs) ?? null, why: 'the later' };
  }
  const isEmpty = columns.every((column) => blank(kept[column]) || kept[column] === false);
  const theirsIsEmpty = columns.every((column) => blank(merged[column]));
  if (isEmpty && !theirsIsEmpty)
    return { chosen: 'merged', value: theirs ?? null, why: 'the other is empty' };
  if (same(ours, theirs)) return { chosen: 'kept', value: ours ?? null, why: 'the same' };
  if (rule === 'joined' && !theirsIsEmpty) {
    return { chosen: 'both', value: joined(ours, theirs), why: 'nothing is lost' };
  }
  if (rule === 'customer' && theirs === 'CUSTOMER') {
    return { chosen: 'merged', value: theirs, why: 'a customer stays one' };
  }
  const why = theirsIsEmpty ? 'the other is empty' : 'of the one that stays';
  return { chosen: 'kept', value: ours ?? null, why };
}

/** Two texts one under the other; of two sets of fields the kept one's value where both have one. */
function joined(ours: unknown, theirs: unknown): unknown {
  if (typeof ours === 'string') return `${ours}\n\n${String(theirs)}`;
  return { ...(theirs as object), ...(ours as object) };
}

function blank(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}
