import { z } from 'zod';
import { Address } from './address.ts';
import { Company, CompanyRow, Owner } from './company.ts';
import { Contact, ContactRow } from './contact.ts';
import { Health } from './customer.ts';

/** A deal as the page of a company or of a person shows it. */
const DealOfRecord = z.object({
  id: z.uuid(),
  name: z.string(),
  status: z.string(),
  stage: z.object({ id: z.uuid(), name: z.string(), colour: z.string() }),
  amountCents: z.int(),
  probability: z.int().nullable(),
  weightedCents: z.int().nullable(),
  expectedCloseOn: z.iso.date().nullable(),
  nextAction: z.string().nullable(),
  nextActionAt: z.iso.datetime().nullable(),
  riskBand: z.string().nullable(),
  source: z.string(),
  stageEnteredAt: z.iso.datetime(),
  wonAt: z.iso.datetime().nullable(),
  owner: Owner.nullable(),
});

/** What was bought, as it was priced then. */
const Purchase = DealOfRecord.extend({
  lines: z.array(
    z.object({
      name: z.string(),
      sku: z.string().nullable(),
      quantity: z.int(),
      unitPriceCents: z.int(),
      discountPercent: z.number(),
      totalCents: z.int(),
    }),
  ),
});

const LeadOfRecord = z.object({
  id: z.uuid(),
  status: z.string(),
  stage: z.string(),
  score: z.int().nullable(),
  source: z.string(),
  contactName: z.string(),
  owner: Owner.nullable(),
  createdAt: z.iso.datetime(),
});

const Sums = z.object({
  openCents: z.int(),
  weightedCents: z.int(),
  /** Won deals; delivered orders join them. */
  lifetimeCents: z.int(),
  wonDeals: z.int(),
});

/** A company with everything its page shows. */
export const CompanyPage = Company.extend({
  owner: Owner.nullable(),
  tags: z.array(z.string()),
  /** The people there, whoever spoke with us last first. */
  contacts: z.array(ContactRow),
  contactCount: z.int(),
  leads: z.array(LeadOfRecord),
  openDeals: z.array(DealOfRecord),
  wonDeals: z.array(Purchase),
  lostDeals: z.int(),
  sums: Sums,
  addresses: z.array(Address),
  ...Health.shape,
});
export type CompanyPage = z.infer<typeof CompanyPage>;

/** A person with everything their page shows. */
export const ContactPage = Contact.extend({
  name: z.string(),
  company: CompanyRow.pick({
    id: true,
    name: true,
    domain: true,
    industry: true,
    status: true,
  }).nullable(),
  owner: Owner.nullable(),
  tags: z.array(z.string()),
  leads: z.array(LeadOfRecord),
  openDeals: z.array(DealOfRecord),
  wonDeals: z.array(Purchase),
  lostDeals: z.int(),
  sums: Sums,
  suppressed: z.array(z.object({ channel: z.string(), reason: z.string() })),
});
export type ContactPage = z.infer<typeof ContactPage>;
