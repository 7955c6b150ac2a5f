import { z } from 'zod';
import { Fields, Flag, Lead, ScoreFactor } from './lead.ts';

/** Where an enrolment stands, as a list shows it. */
const Following = z.object({
  id: z.uuid(),
  sequenceId: z.uuid(),
  sequence: z.string(),
  sequenceName: z.string(),
  version: z.int(),
  status: z.string(),
  reason: z.string().nullable(),
  /** Which of `steps`, counted from one. */
  step: z.int(),
  steps: z.int(),
  enrolledAt: z.iso.datetime(),
  nextAt: z.iso.datetime().nullable(),
  nextBecause: z.string().nullable(),
});

/** A lead in a list: with whom it is, where they work, and how far the follow-up is. */
export const LeadRow = Lead.extend({
  stale: z.boolean(),
  contact: z.object({
    id: z.uuid(),
    name: z.string(),
    firstName: z.string().nullable(),
    lastName: z.string().nullable(),
    title: z.string().nullable(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    timeZone: z.string().nullable(),
    doNotContact: z.boolean(),
  }),
  company: z
    .object({ id: z.uuid(), name: z.string().nullable(), industry: z.string().nullable() })
    .nullable(),
  owner: z.object({ id: z.string(), name: z.string() }).nullable(),
  tags: z.array(z.string()),
  enrolment: Following.nullable(),
});
export type LeadRow = z.infer<typeof LeadRow>;

/** A lead with everything its own page shows. */
export const LeadPage = LeadRow.omit({ enrolment: true, contact: true, company: true }).extend({
  contact: LeadRow.shape.contact.extend({
    ...{ phoneE164: z.string().nullable(), phoneType: z.string().nullable() },
    ...{ emailKind: z.string().nullable(), linkedin: z.string().nullable() },
    ...{ smsEligible: z.boolean(), smsVerified: z.boolean(), zoneSource: z.string().nullable() },
    ...{ city: z.string().nullable(), region: z.string().nullable() },
    country: z.string().nullable(),
  }),
  company: LeadRow.shape.company
    .unwrap()
    .extend({
      ...{ domain: z.string().nullable(), website: z.string().nullable() },
      ...{ placeId: z.string().nullable(), mapsUrl: z.string().nullable() },
      ...{ phone: z.string().nullable(), size: z.int().nullable(), status: z.string() },
      ...{ icp: z.string().nullable(), line1: z.string().nullable(), city: z.string().nullable() },
      ...{ region: z.string().nullable(), postalCode: z.string().nullable() },
      country: z.string().nullable(),
    })
    .nullable(),
  notes: z.string().nullable(),
  fields: Fields,
  flags: z.array(Flag),
  scoreBase: z.int().nullable(),
  scoreFactors: z.array(ScoreFactor),
  scoredAt: z.iso.datetime().nullable(),
  assignedBecause: z.string().nullable(),
  intakeProblem: z.string().nullable(),
  wonAt: z.iso.datetime().nullable(),
  lostAt: z.iso.datetime().nullable(),
  isSpam: z.boolean(),
  isConverted: z.boolean(),
  enrolments: z.array(Following),
});
export type LeadPage = z.infer<typeof LeadPage>;
