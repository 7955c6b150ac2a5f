import type { Import, ImportStatus } from '#domain/import.ts';

export type { Import, ImportRow } from '#domain/import.ts';

type Tone = 'accent' | 'success' | 'warn' | 'danger' | 'neutral';

export const importStates: Record<ImportStatus, { label: string; tone: Tone }> = {
  mapping: { label: 'Waits for its columns', tone: 'warn' },
  running: { label: 'Running', tone: 'accent' },
  done: { label: 'Done', tone: 'success' },
  cancelled: { label: 'Stopped', tone: 'neutral' },
  failed: { label: 'Failed', tone: 'danger' },
};

/** The fields a column can go into, in words. */
export const leadFields: { value: string; label: string }[] = [
  { value: 'email', label: 'Email' },
  { value: 'phone', label: 'Phone' },
  { value: 'firstName', label: 'First name' },
  { value: 'lastName', label: 'Last name' },
  { value: 'title', label: 'Job title' },
  { value: 'company', label: 'Company' },
  { value: 'website', label: 'Website' },
  { value: 'placeId', label: 'Google place id' },
  { value: 'industry', label: 'Industry' },
  { value: 'companySize', label: 'Employees' },
  { value: 'address.line1', label: 'Street' },
  { value: 'address.city', label: 'City' },
  { value: 'address.region', label: 'State' },
  { value: 'address.postalCode', label: 'Postcode' },
  { value: 'address.country', label: 'Country' },
  { value: 'linkedin', label: 'LinkedIn' },
  { value: 'source', label: 'Source' },
  { value: 'campaign', label: 'Campaign' },
  { value: 'externalId', label: 'Id elsewhere' },
  { value: 'tags', label: 'Tags' },
  { value: 'notes', label: 'Notes' },
];

/** Rows a second so far, and how many seconds are left if it goes on like this. */
export function paceOf(
  { rows, bytes, readBytes, startedAt }: Import,
  now: Date,
): { rate: number; secondsLeft: number | undefined; share: number } {
  const seconds = startedAt ? Math.max(1, (now.getTime() - Date.parse(startedAt)) / 1000) : 1;
  const share = bytes > 0 ? Math.min(1, readBytes / bytes) : 0;
  const secondsLeft = share > 0 ? Math.round((seconds / share) * (1 - share)) : undefined;
  return { rate: Math.round(rows / seconds), secondsLeft, share };
}

/** “about 1 min 40 s”, rounded more coarsely the longer it is. */
export function sayLeft(seconds: number): string {
  if (seconds < 60) return `about ${seconds} s`;
  const [minutes, rest] = [Math.floor(seconds / 60), Math.round((seconds % 60) / 10) * 10];
  return minutes < 10 && rest > 0 ? `about ${minutes} min ${rest} s` : `about ${minutes} min`;
}

export function sayBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

/** One row as it will be read: our field and what the first sample puts into it. */
export function firstRow(
  columns: Import['columns'],
  mapping: Record<string, string>,
): { field: string; value: string }[] {
  return columns.flatMap(({ name, samples }) => {
    const field = mapping[name];
    const known = leadFields.find(({ value }) => value === field)?.label;
    return field ? [{ field: known ?? field, value: samples[0] ?? '' }] : [];
  });
}
