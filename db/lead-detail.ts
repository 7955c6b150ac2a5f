import { sql } from 'kysely';
import { effectiveScore } from '#domain/scoring.ts';
import { isStale, type LeadStatus } from '#domain/lead.ts';
import type { LeadPage } from '#domain/lead-page.ts';
import { Refusal } from '#domain/refusal.ts';
import { following, leadColumns, ownerOf, tagsOf } from './lead-columns.ts';
import type { Scope } from './scope.ts';

/** One lead with everything its page shows, its score as of now. */
export async function getLead(
  { db }: Scope,
  id: string,
  now = new Date().toISOString(),
): Promise<LeadPage> {
  const lead = await db
    .selectFrom('leads as l')
    .innerJoin('contacts as c', 'c.id', 'l.contactId')
    .leftJoin('companies as co', 'co.id', 'l.companyId')
    .select(leadColumns)
    .select(['l.notes', 'l.fields', 'l.flags', 'l.scoreBase', 'l.scoreFactors', 'l.scoredAt'])
    .select(['l.assignedBecause', 'l.intakeProblem', 'l.wonAt', 'l.lostAt'])
    .select(['l.isSpam', 'l.isConverted'])
    .select([contact.as('contact'), company.as('company'), ownerOf.as('owner')])
    .select([tagsOf.as('tags'), following.as('enrolments')])
    .where('l.id', '=', id)
    .where('l.deletedAt', 'is', null)
    .executeTakeFirst();
  if (!lead) throw new Refusal('not-found', 'There is no such lead.');
  const status = lead.status as LeadStatus;
  const score = effectiveScore(lead.scoreBase, lead.lastActivityAt, now);
  return { ...lead, status, score, stale: isStale({ ...lead, status }, now) } as LeadPage;
}

const contact = sql<LeadPage['contact']>`json_build_object(
  'id', c.id, 'name', concat_ws(' ', c.first_name, c.last_name), 'firstName', c.first_name,
  'lastName', c.last_name, 'title', c.title, 'email', c.email, 'emailKind', c.email_kind,
  'phone', coalesce(c.phone_e164, c.phone), 'phoneE164', c.phone_e164, 'phoneType', c.phone_type,
  'smsEligible', c.sms_eligible, 'smsVerified', c.sms_verified, 'linkedin', c.linkedin,
  'timeZone', c.time_zone, 'zoneSource', c.zone_source, 'city', c.city, 'region', c.region,
  'country', c.country, 'doNotContact', c.do_not_contact)`;

const company = sql<LeadPage['company']>`case when co.id is not null then json_build_object(
  'id', co.id, 'name', coalesce(co.name, co.domain), 'industry', co.industry, 'domain', co.domain,
  'website', co.website, 'placeId', co.place_id, 'mapsUrl', co.maps_url, 'phone', co.phone,
  'size', co.size, 'status', co.status, 'icp', co.icp, 'line1', co.line1, 'city', co.city,
  'region', co.region, 'postalCode', co.postal_code, 'country', co.country) end`;
