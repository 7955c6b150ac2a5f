import { sql } from 'kysely';
import type { Lead } from '#domain/lead.ts';
import type { LeadPage, LeadRow } from '#domain/lead-page.ts';

/** What every list, page and reply says of a lead; `l` is its row. */
export const leadColumns = [
  ...([
    'l.id',
    'l.status',
    'l.stage',
    'l.score',
    'l.ownerId',
    'l.contactId',
    'l.companyId',
  ] as const),
  ...([
    'l.source',
    'l.campaign',
    'l.externalId',
    'l.icp',
    'l.nextAction',
    'l.nextActionAt',
  ] as const),
  ...(['l.intakeAt', 'l.lastActivityAt', 'l.createdAt', 'l.updatedAt'] as const),
] as const satisfies `l.${keyof Lead}`[];

/** The enrolments of a lead `l`, the newest first, as JSON. */
export const following = sql<LeadPage['enrolments']>`(
  select coalesce(json_agg(json_build_object(
    'id', e.id, 'sequenceId', e.sequence_id, 'sequence', s.name, 'sequenceName', s.name,
    'version', e.version, 'status', e.status, 'reason', e.reason,
    'step', coalesce((select min(at) from jsonb_array_elements(v.definition -> 'steps') with ordinality top (step, at)
      where jsonb_path_exists(top.step, '$.** ? (@.id == $id)', jsonb_build_object('id', e.step_id))), 1),
    'steps', jsonb_array_length(v.definition -> 'steps'),
    'enrolledAt', ${utc('e.enrolled_at')}, 'nextAt', ${utc('e.next_at')}, 'nextBecause', e.next_because)
    order by e.status in ('active', 'paused', 'blocked') desc, e.id desc), '[]')
  from enrolments e join sequences s on s.id = e.sequence_id join sequence_versions v on v.id = e.version_id
  where e.lead_id = l.id)`;

export const contactOf = sql<LeadRow['contact']>`json_build_object(
  'id', c.id, 'name', concat_ws(' ', c.first_name, c.last_name), 'firstName', c.first_name,
  'lastName', c.last_name, 'title', c.title, 'email', c.email, 'phone', coalesce(c.phone_e164, c.phone),
  'timeZone', c.time_zone, 'doNotContact', c.do_not_contact)`;

export const companyOf = sql<LeadRow['company']>`case when co.id is not null then json_build_object(
  'id', co.id, 'name', coalesce(co.name, co.domain), 'industry', co.industry) end`;

export const ownerOf = sql<LeadRow['owner']>`(
  select json_build_object('id', m.user_id, 'name', m.name) from members m where m.user_id = l.owner_id)`;

export const tagsOf = sql<string[]>`array(
  select t.slug from lead_tags t where t.lead_id = l.id and t.removed_at is null order by t.applied_at, t.slug)`;

/** An instant as it travels, from inside JSON. */
function utc(column: string) {
  return sql`to_char(${sql.ref(column)} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}
