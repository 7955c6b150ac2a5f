import { z } from 'zod';

/** An IANA time zone that this machine knows. */
export const TimeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, 'This is not a time zone, such as America/Chicago.');

/** ISO 4217. */
export const Currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'Three capital letters, such as USD.')
  .refine(isCurrency, 'There is no such currency.');

/** ISO 3166 alpha-2. */
export const Region = z.string().regex(/^[A-Z]{2}$/, 'Two capital letters, such as US.');

const Name = z.string().trim().min(1, 'Give it a name.').max(100);
const Settings = z.record(z.string().max(50), z.unknown());

export const Workspace = z.object({
  id: z.uuid(),
  name: z.string(),
  timezone: z.string(),
  currency: z.string(),
  defaultRegion: z.string(),
  settings: Settings,
  demo: z.boolean(),
  createdAt: z.iso.datetime(),
});
export type Workspace = z.infer<typeof Workspace>;

export const NewWorkspace = z.object({
  name: Name,
  timezone: TimeZone,
  currency: Currency,
  defaultRegion: Region.default('US'),
});
export type NewWorkspace = z.infer<typeof NewWorkspace>;

/** What is left out stays; of the settings, too. */
export const WorkspaceChange = z
  .object({ ...NewWorkspace.shape, defaultRegion: Region, settings: Settings })
  .partial();
export type WorkspaceChange = z.infer<typeof WorkspaceChange>;

function isTimeZone(name: string): boolean {
  // `+05:00` is an offset, which knows no summer.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

function isCurrency(code: string): boolean {
  return Intl.supportedValuesOf('currency').includes(code);
}
