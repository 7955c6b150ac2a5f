import type { DealField } from '#lib/analysis-columns.ts';
import type { Member } from '#lib/choices.ts';
import { asDate, type Stage } from '#lib/deal.ts';
import { asMoney, asTime } from '#lib/format.ts';

/** A value of a row in the words of the workspace. */
export function sayRead(
  { reads, value }: DealField & { value: unknown },
  { people, stages }: { people: Member[]; stages: Stage[] },
): string {
  if (value === null || value === undefined || value === '') return '–';
  if (reads === 'money' && typeof value === 'number') return asMoney(value);
  if (reads === 'share') return `${String(value)}%`;
  if (reads === 'date') return asDate(String(value), new Date(), true);
  if (reads === 'instant') return asTime(String(value));
  if (reads === 'flag') return value ? 'Yes' : 'No';
  if (reads === 'stage') return stages.find(({ slug }) => slug === value)?.name ?? String(value);
  if (reads === 'owner') {
    return people.find(({ userId }) => userId === value)?.name ?? String(value);
  }
  return Array.isArray(value) ? value.join(', ') : String(value as string);
}
