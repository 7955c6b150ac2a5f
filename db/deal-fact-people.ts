import { sql } from 'kysely';
import type { RuleFacts } from '#domain/rule.ts';
import type { Scope } from './scope.ts';

/** Who is behind deals: the first contact, how many took part, and whether one of them decides. */
export async function peopleOfDeals(
  { db }: Scope,
  ids: string[],
  /** By deal, who took part in what was said. */
  others: { id: string; contactId: string }[],
): Promise<Map<string, RuleFacts>> {
  const { rows } = await sql<RuleFacts & { id: string }>`
    with batch as materialized (
      select id, contact_id, lead_id, company_id, created_at from deals where id = any(${ids}::uuid[])),
    part as (
      select id, contact_id from batch
      union
      select b.id, l.contact_id from batch b cross join lateral (
        select contact_id from leads where b.lead_id is not null and id = b.lead_id offset 0) l
      union
      select * from jsonb_to_recordset(${JSON.stringify(others)}::jsonb) o(id uuid, "contactId" uuid)
      union
      select b.id, c.id from batch b cross join lateral (
        select id from contacts
        where b.company_id is not null and company_id = b.company_id and last_activity_at >= b.created_at offset 0) c),
    took as (
      select part.id, count(*) as people,
        bool_or(c.title ~* ${decides} or c.fields->>'decisionMaker' = 'true') as decides
      from part cross join lateral (
        select title, fields from contacts
        where id = part.contact_id and merged_into is null and deleted_at is null offset 0) c
      group by 1),
    text as (
      select said.id, count(*) as ineligible
      from (
        select b.id, t.id as touch_id from batch b join touches t on t.contact_id = b.contact_id and t.channel = 'sms'
        union
        select b.id, t.id from batch b join touches t on t.lead_id = b.lead_id and t.channel = 'sms') said
        join touches t on t.id = said.touch_id join contacts c on c.id = t.contact_id
      where t.state not in ('skipped', 'failed') and (not c.sms_eligible or 'withdrawn' = (
        select x.state from consents x where x.contact_id = c.id and x.channel = 'sms' order by x.id desc limit 1))
      group by 1)
    select b.id, coalesce(took.people, 0) as contact_count, coalesce(took.decides, false) as has_decision_maker,
      nullif(concat_ws(' ', c.first_name, c.last_name), '') as primary_contact_name, c.email as primary_contact_email,
      case when c.id is not null then c.do_not_contact or exists (
        select from suppressions x where x.lifted_at is null and x.reason = 'unsubscribed'
          and x.address in (c.email_normalized, c.phone_e164)) end as contact_is_do_not_contact,
      coalesce(text.ineligible, 0) as ineligible_sms
    from batch b left join lateral (
        select * from contacts where id = b.contact_id and deleted_at is null offset 0) c on true
      left join took on took.id = b.id left join text on text.id = b.id`.execute(db);
  return new Map(rows.map(({ id, ...facts }) => [id, facts]));
}

/** Titles of people who decide what is bought. */
const decides =
  '\\m(c[efiot]o|cmo|cro|chief|owner|co-?founder|founder|president|vp|svp|evp|director|head|partner|principal|managing|gesch[aä]ftsf[uü]hrer(in)?|inhaber(in)?|leiter(in)?)\\M';
