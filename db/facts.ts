import { sql } from 'kysely';
import type { IsHoliday } from '#domain/calendar.ts';
import type { Facts } from '#domain/condition.ts';
import { holidaysOf } from '#domain/holidays.ts';
import type { Scope } from './scope.ts';

/** What is known of a person, by noun: what templates say and conditions weigh. */
export interface Person {
  lead: Record<string, unknown> & { id: string; status: string; ownerId: string | null };
  contact: Record<string, unknown> & {
    id: string;
    email: string | null;
    phone: string | null;
    smsEligible: boolean;
    timeZone: string | null;
    /** The day an out-of-office says they return. */
    awayUntil: string | null;
    country: string | null;
    region: string | null;
  };
  company: Record<string, unknown>;
  sender: Record<string, unknown>;
  enrolment: Record<string, unknown>;
  workspace: {
    name: string;
    timeZone: string;
    currency: string;
    defaultRegion: string;
    /** The days it takes off beside the public holidays: `holidays` of its settings. */
    daysOff: string[];
  };
}

/** The columns of a person as one JSON object, for a query that has `l`, `c`, `co`, `w` and `o` (the owner). */
export const personColumns = sql<Omit<Person, 'sender' | 'enrolment'>>`json_build_object(
  'lead', json_build_object(
    'id', l.id, 'status', l.status, 'stage', l.stage, 'score', l.score, 'source', l.source,
    'campaign', l.campaign, 'icp', l.icp, 'ownerId', l.owner_id, 'nextAction', l.next_action,
    'nextActionAt', l.next_action_at, 'createdAt', l.created_at, 'lastActivityAt', l.last_activity_at,
    'externalId', l.external_id, 'notes', l.notes, 'fields', l.fields,
    'tags', array(select t.slug from lead_tags t where t.lead_id = l.id and t.removed_at is null),
    'name', coalesce(nullif(concat_ws(' ', c.first_name, c.last_name), ''), co.name, c.email, c.phone_e164, '')),
  'contact', json_build_object(
    'id', c.id, 'firstName', c.first_name, 'lastName', c.last_name,
    'fullName', nullif(concat_ws(' ', c.first_name, c.last_name), ''), 'title', c.title,
    'email', c.email, 'phone', c.phone_e164, 'phoneType', c.phone_type, 'smsEligible', c.sms_eligible,
    'linkedin', c.linkedin, 'timeZone', c.time_zone, 'awayUntil', c.away_until, 'city', c.city,
    'country', coalesce(c.country, co.country), 'region', coalesce(c.region, co.region)),
  'company', json_build_object(
    'name', co.name, 'domain', co.domain, 'website', co.website, 'industry', co.industry, 'icp', co.icp,
    'size', co.size, 'status', co.status, 'phone', co.phone, 'city', co.city, 'region', co.region,
    'country', co.country),
  'workspace', json_build_object(
    'name', w.name, 'timeZone', w.time_zone, 'currency', w.currency, 'defaultRegion', w.default_region,
    'daysOff', case jsonb_typeof(w.settings->'holidays') when 'array' then w.settings->'holidays' else '[]' end))`;

/** The people behind these leads, by the lead's id. */
export async function peopleOf(
  { db }: Scope,
  leadIds: string[],
): Promise<Map<string, Omit<Person, 'sender' | 'enrolment'>>> {
  const { rows } = await sql<{ id: string; person: Omit<Person, 'sender' | 'enrolment'> }>`
    select l.id, ${personColumns} as person
    from leads l join contacts c on c.id = l.contact_id left join companies co on co.id = l.company_id
      cross join workspaces w
    where l.id = any(${leadIds}::uuid[])`.execute(db);
  return new Map(rows.map(({ id, person }) => [id, person]));
}

/** The same, flat: `lead.status`, `contact.smsEligible`, `lead.fields.fleet` … */
export function factsOf(person: Partial<Person>): Facts {
  const facts: Facts = {};
  for (const [noun, values] of Object.entries(person)) flatten(noun, values, facts);
  return facts;
}

/** The zones and holidays of the person and of the workspace, whose own days off count for both. */
export function whereaboutsOf({ contact, workspace }: Pick<Person, 'contact' | 'workspace'>): {
  who: { zone: string | undefined; isHoliday: IsHoliday };
  places: { sender: string; workspace: string; isHoliday: IsHoliday };
} {
  const { timeZone, defaultRegion, daysOff } = workspace;
  return {
    who: {
      zone: contact.timeZone ?? undefined,
      isHoliday: holidaysOf(contact.country, contact.region, daysOff),
    },
    places: {
      ...{ sender: timeZone, workspace: timeZone },
      isHoliday: holidaysOf(defaultRegion, null, daysOff),
    },
  };
}

function flatten(name: string, value: unknown, facts: Facts): void {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value)) flatten(`${name}.${key}`, inner, facts);
    return;
  }
  facts[name] = value as Facts[string];
}
