import type { PreviewRow } from '#domain/analysis.ts';
import type { DealField } from '#lib/analysis-columns.ts';
import { asDate } from '#lib/deal.ts';
import { asMoney, asTime } from '#lib/format.ts';

type Value = PreviewRow['fields'][string]['value'];

/** A value of a row in the words of the workspace. */
export function sayRead({ reads, value }: Pick<DealField, 'reads'> & { value: Value }): string {
  if (value === null || value === '') return '–';
  if (Array.isArray(value)) return value.join(', ');
  if (reads === 'money' && typeof value === 'number') return asMoney(value);
  if (reads === 'share') return `${value}%`;
  if (reads === 'date') return asDate(String(value), new Date(), true);
  if (reads === 'instant') return asTime(String(value));
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  return String(value);
}
