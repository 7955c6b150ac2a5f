import { z } from 'zod';

const short = z.string().trim().max(300);
const link = z.string().trim().max(2000);

/** Any JSON object: what a workspace keeps beside our own columns. */
const Fields = z.record(z.string(), z.unknown());

/** A firm as every reply shows it. */
export const Company = z.object({
  id: z.uuid(),
  name: z.string().nullable(),
  domain: z.string().nullable(),
  website: z.string().nullable(),
  linkedin: z.string().nullable(),
  mapsUrl: z.string().nullable(),
  placeId: z.string().nullable(),
  phone: z.string().nullable(),
  industry: z.string().nullable(),
  icp: z.string().nullable(),
  size: z.int().nullable(),
  status: z.string(),
  line1: z.string().nullable(),
  city: z.string().nullable(),
  region: z.string().nullable(),
  postalCode: z.string().nullable(),
  country: z.string().nullable(),
  ownerId: z.string().nullable(),
  notes: z.string().nullable(),
  fields: Fields,
  lastActivityAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Company = z.infer<typeof Company>;

export const Owner = z.object({ id: z.string(), name: z.string() });

/** A firm in a list. Amounts are minor units of the workspace's currency. */
export const CompanyRow = Company.omit({ notes: true, fields: true }).extend({
  owner: Owner.nullable(),
  tags: z.array(z.string()),
  contactCount: z.int(),
  openDeals: z.int(),
  openCents: z.int(),
  /** What it bought so far: won deals; delivered orders join them. */
  lifetimeCents: z.int(),
});
export type CompanyRow = z.infer<typeof CompanyRow>;

const Given = z.object({
  name: short.nullable(),
  domain: short.nullable(),
  website: link.nullable(),
  linkedin: link.nullable(),
  mapsUrl: link.nullable(),
  placeId: short.nullable(),
  phone: short.nullable(),
  industry: short.nullable(),
  icp: short.nullable(),
  size: z.int().nonnegative().max(10_000_000).nullable(),
  status: short,
  line1: short.nullable(),
  city: short.nullable(),
  region: short.nullable(),
  postalCode: short.nullable(),
  country: short.nullable(),
  ownerId: short.nullable(),
  notes: z.string().max(20_000).nullable(),
  fields: Fields,
});

/** A firm as a person enters it. */
export const CompanyInput = Given.partial().extend({ name: short.min(1) });
export type CompanyInput = z.infer<typeof CompanyInput>;

/** What a person changes of it; `updatedAt` is the one they looked at. */
export const CompanyChange = Given.partial().extend({ updatedAt: z.iso.datetime().optional() });
export type CompanyChange = z.infer<typeof CompanyChange>;
