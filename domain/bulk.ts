import { z } from 'zod';
import { CompanyChange } from './company.ts';
import { ContactChange } from './contact.ts';
import { LeadChange } from './lead.ts';

const slug = z.string().min(1).max(100);
const ownerId = z.string().max(300).nullable();
const assign = z.object({ action: z.literal('assign'), ownerId });
const tag = z.object({ action: z.literal('tag'), slug });
const untag = z.object({ action: z.literal('untag'), slug });
const remove = z.object({ action: z.literal('delete') });

/** One thing that is done to many leads. */
export const LeadBulk = z.discriminatedUnion('action', [
  assign,
  tag,
  untag,
  remove,
  z.object({ action: z.literal('enrol'), sequenceId: z.uuid() }),
  z.object({ action: z.literal('status'), status: z.string() }),
  z.object({
    action: z.literal('update'),
    values: LeadChange.omit({ contact: true, updatedAt: true }),
  }),
]);
export type LeadBulk = z.infer<typeof LeadBulk>;

/** One thing that is done to many companies. */
export const CompanyBulk = z.discriminatedUnion('action', [
  assign,
  tag,
  untag,
  remove,
  z.object({
    action: z.literal('update'),
    values: CompanyChange.pick({
      ...{ status: true, industry: true, size: true, ownerId: true, city: true, region: true },
      ...{ country: true, icp: true },
    }),
  }),
]);
export type CompanyBulk = z.infer<typeof CompanyBulk>;

/** One thing that is done to many contacts. */
export const ContactBulk = z.discriminatedUnion('action', [
  assign,
  tag,
  untag,
  remove,
  z.object({
    action: z.literal('update'),
    values: ContactChange.pick({
      ...{ title: true, companyId: true, timeZone: true, city: true, region: true },
      ...{ country: true, doNotContact: true, ownerId: true },
    }),
  }),
]);
export type ContactBulk = z.infer<typeof ContactBulk>;

/** At most so many at once, chosen one by one or by what a list is narrowed to. */
export const MOST_AT_ONCE = 500;
