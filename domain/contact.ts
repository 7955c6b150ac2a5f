import { z } from 'zod';
import { Owner } from './company.ts';

const short = z.string().trim().max(300);
const Fields = z.record(z.string(), z.unknown());

/** A person as every reply shows them. */
export const Contact = z.object({
  id: z.uuid(),
  companyId: z.uuid().nullable(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  title: z.string().nullable(),
  email: z.string().nullable(),
  emailKind: z.string().nullable(),
  phone: z.string().nullable(),
  phoneE164: z.string().nullable(),
  phoneType: z.string().nullable(),
  smsEligible: z.boolean(),
  smsVerified: z.boolean(),
  linkedin: z.string().nullable(),
  timeZone: z.string().nullable(),
  zoneSource: z.string().nullable(),
  city: z.string().nullable(),
  region: z.string().nullable(),
  country: z.string().nullable(),
  doNotContact: z.boolean(),
  ownerId: z.string().nullable(),
  notes: z.string().nullable(),
  fields: Fields,
  lastActivityAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Contact = z.infer<typeof Contact>;

/** A person in a list; `name` is the full name, else the company, else the address. */
export const ContactRow = Contact.omit({ notes: true, fields: true }).extend({
  name: z.string(),
  company: z.object({ id: z.uuid(), name: z.string().nullable() }).nullable(),
  owner: Owner.nullable(),
  tags: z.array(z.string()),
  openDeals: z.int(),
});
export type ContactRow = z.infer<typeof ContactRow>;

const Given = z.object({
  companyId: z.uuid().nullable(),
  firstName: short.nullable(),
  lastName: short.nullable(),
  title: short.nullable(),
  email: short.nullable(),
  phone: short.nullable(),
  linkedin: z.string().trim().max(2000).nullable(),
  timeZone: short.nullable(),
  city: short.nullable(),
  region: short.nullable(),
  country: short.nullable(),
  doNotContact: z.boolean(),
  ownerId: short.nullable(),
  notes: z.string().max(20_000).nullable(),
  fields: Fields,
});

/** A person as somebody enters them. */
export const ContactInput = Given.partial();
export type ContactInput = z.infer<typeof ContactInput>;

/** What somebody changes of them; `updatedAt` is the one they looked at. */
export const ContactChange = Given.partial().extend({ updatedAt: z.iso.datetime().optional() });
export type ContactChange = z.infer<typeof ContactChange>;
