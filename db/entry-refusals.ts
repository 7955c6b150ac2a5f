import { sql } from 'kysely';
import { weigh } from '#domain/condition.ts';
import { type EnrolmentStatus, mayEnter } from '#domain/enrolment.ts';
import type { Definition } from '#domain/sequence.ts';
import { factsOf, type Person } from './facts.ts';
import type { Scope } from './scope.ts';

export interface History {
  doNotContact: boolean;
  before: { status: EnrolmentStatus; trigger: string | null }[];
  rivals: string[];
}

/** What each lead has been through: this sequence before, and open ones of the same exclusive class. */
export async function historiesOf(
  { db }: Scope,
  sequence: Asked['sequence'],
  leadIds: string[],
): Promise<Map<string, History>> {
  const { rows } = await sql<History & { leadId: string }>`
    select l.id as lead_id,
      c.do_not_contact or exists (
        select from suppressions s where s.channel = 'all' and s.lifted_at is null
          and s.address in (c.email_normalized, c.phone_e164)) as do_not_contact,
      coalesce((select json_agg(json_build_object('status', e.status, 'trigger', e.trigger))
        from enrolments e where e.lead_id = l.id and e.sequence_id = ${sequence.id}), '[]') as before,
      coalesce((select json_agg(distinct s.name)
        from enrolments e join sequences s on s.id = e.sequence_id
        where e.lead_id = l.id and e.status in ('active', 'paused', 'blocked') and e.sequence_id <> ${sequence.id}
          and s.class = ${sequence.class} and s.class in ('disposition', 'precall')), '[]') as rivals
    from leads l join contacts c on c.id = l.contact_id
    where l.id = any(${leadIds}::uuid[])`.execute(db);
  return new Map(rows.map(({ leadId, ...history }) => [leadId, history]));
}

interface Asked {
  sequence: { id: string; class: string };
  definition: Definition;
  trigger: string | undefined;
  now: string;
}

/** Why a lead may not enter, or nothing. */
export function refusalOf(
  person: Omit<Person, 'sender' | 'enrolment'> | undefined,
  history: History | undefined,
  { sequence, definition, trigger, now }: Asked,
): string | undefined {
  if (!person || !history) return 'There is no such lead.';
  if (history.doNotContact) return 'This person must not be contacted.';
  if (person.lead.status === 'spam') return 'This lead is spam.';
  if (trigger && history.before.some((one) => one.trigger === trigger))
    return 'This has let them in before.';
  const { again, guard } = definition.entry;
  if (
    !mayEnter(
      again,
      history.before.map(({ status }) => status),
    )
  )
    return again === 'never' ? 'Has been in this sequence before.' : 'Already in this sequence.';
  if (history.rivals.length > 0)
    return `Is in “${history.rivals[0]}”, which excludes other ${sequence.class} sequences.`;
  if (!guard) return undefined;
  const { holds, because } = weigh(guard, factsOf(person), now);
  if (holds) return undefined;
  const failed = because.find((reason) => !reason.holds);
  return failed
    ? `The guard asks that ${failed.field} ${failed.operator.replaceAll('_', ' ')} ${JSON.stringify(failed.value ?? '')}; it is ${JSON.stringify(failed.fact ?? null)}.`
    : 'The guard of this sequence does not hold.';
}
