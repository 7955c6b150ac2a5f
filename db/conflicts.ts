import { Refusal } from '#domain/refusal.ts';

/** Somebody else was faster: both values are shown, unless they are the same. */
export function refuseOlder(
  before: { updatedAt: string },
  { updatedAt, ...wanted }: { updatedAt?: string | undefined },
  noun: string,
): void {
  if (!updatedAt || Date.parse(updatedAt) === Date.parse(before.updatedAt)) return;
  const there = before as Record<string, unknown>;
  const faults = Object.entries(wanted)
    .filter(([field, value]) => !same(value, there[field] ?? null))
    .map(([field, value]) => ({
      field,
      message: `It is ${shown(there[field])} by now; you wanted ${shown(value)}.`,
    }));
  if (faults.length === 0) return;
  throw new Refusal('conflict', `Somebody else has changed this ${noun} meanwhile.`, faults);
}

/** A value as a sentence shows it. */
export function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'empty';
  return `“${typeof value === 'object' ? JSON.stringify(value) : String(value as string)}”`;
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
