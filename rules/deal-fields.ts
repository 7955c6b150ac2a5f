import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { bare, columnReader, eachOnce, type Proposal } from './column-names.ts';
import { factOf } from './facts.ts';

/** How a field's cells are read. */
export type Reads =
  | 'text'
  | 'money'
  | 'number'
  | 'count'
  | 'share'
  | 'date'
  | 'instant'
  | 'flag'
  | 'list'
  | 'stage'
  | 'owner';

export interface DealField {
  field: string;
  label: string;
  reads: Reads;
  importance: 'needed' | 'better' | 'more';
  /** What it is good for. */
  why?: string;
}

const Said = z.record(
  z.string(),
  z.strictObject({
    importance: z.enum(['needed', 'better', 'more']),
    why: z.string().optional(),
    aliases: z.array(z.string()),
  }),
);
const said = Said.parse(parse(readFileSync(`${import.meta.dirname}/deal-fields.yaml`, 'utf8')));
const labels: Record<string, string> = {
  owner: 'Owner',
  externalId: 'External id',
  name: 'Deal name',
};

/** What a column of a file of deals can be taken for, the needed ones first. */
export const dealFields: DealField[] = Object.entries(said).map(([field, { importance, why }]) => ({
  ...{ field, importance, reads: readsOf(field) },
  label: labels[field] ?? factOf(field)?.label ?? field,
  ...(why && { why }),
}));
const byName = new Map(dealFields.map((field) => [field.field, field]));

export function dealField(field: string): DealField | undefined {
  return byName.get(field);
}

const reader = columnReader({
  aliases: Object.fromEntries(Object.entries(said).map(([field, { aliases }]) => [field, aliases])),
  looks: {
    primaryContactEmail: (value) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value),
    externalId: (value) => /^006[a-z0-9]{12}([a-z0-9]{3})?$/i.test(value),
  },
  mustLook: {
    primaryContactEmail: (value) => value.includes('@'),
    amountCents: isNumber,
    contactCount: isNumber,
    probability: isNumber,
    closePushes: isNumber,
    expectedCloseOn: hasDigits,
    createdAt: hasDigits,
    lastActivityAt: hasDigits,
    stageEnteredAt: hasDigits,
    nextStepAt: hasDigits,
  },
});

/** Whether a header somewhere bears this name. */
export const isDealHeader = reader.isKnown;

/** Proposes a field for each column, by its name and by the values that were looked at; each field once. */
export function proposeColumns(columns: string[], values: string[][]): Proposal[] {
  const guesses = columns.map((column, at) => reader.guess(column, values[at]!.slice(0, 50)));
  const hasName = guesses.some(({ field }) => field === 'name');
  for (const [at, column] of columns.entries()) {
    // Beside a column that names deals, `Name` and `Title` are of something else.
    if (bare(column) === 'name' && !hasName) {
      guesses[at] = { column, field: 'name', confidence: 0.9, because: 'It is called so.' };
    }
  }
  return eachOnce(guesses);
}

/** In which of three ways the values of a field are written one way or another. */
export function writtenAs({ reads }: DealField): 'date' | 'number' | 'share' | undefined {
  if (reads === 'date' || reads === 'instant') return 'date';
  if (reads === 'money' || reads === 'number' || reads === 'count') return 'number';
  return reads === 'share' ? 'share' : undefined;
}

function readsOf(field: string): Reads {
  if (field === 'stage' || field === 'owner') return field;
  const fact = factOf(field);
  if (!fact) return 'text';
  if (fact.type === 'number') {
    return fact.unit === 'percent' ? 'share' : fact.unit === 'ratio' ? 'number' : 'count';
  }
  return fact.type;
}

function isNumber(value: string): boolean {
  return /^[^\d]{0,4}\d[\d\s.,'’]*[^\d]{0,4}$/.test(value.trim());
}

function hasDigits(value: string): boolean {
  return /\d/.test(value);
}
