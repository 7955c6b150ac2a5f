import type { FixChange, FixSkipped } from '#domain/fix.ts';
import { asDate, fieldLabels } from './deal.ts';
import { asMoney, asWord } from './format.ts';

export interface FixPreview {
  changes: FixChange[];
  skipped: FixSkipped[];
  /** How many more there are than are done at once. */
  left: number;
}

export function keyOf({ line, ruleId }: { line: number; ruleId: string }): string {
  return `${line} ${ruleId}`;
}

/** What stands in a field before or after, as people read it; empty is said so. */
export function sayValue(
  change: Pick<FixChange, 'field' | 'before' | 'after'>,
  which: 'before' | 'after',
) {
  const value = change[which];
  if (value === null || value === '') return 'None';
  if (change.field?.endsWith('Cents') && typeof value === 'number') return asMoney(value);
  if (change.field === 'probability') return `${value}%`;
  const text = String(value);
  return /^\d{4}-\d\d-\d\d$/.test(text) ? asDate(text, new Date(), true) : text;
}

export function sayField(field: string | null): string {
  return field ? (fieldLabels[field] ?? asWord(field)) : '';
}
