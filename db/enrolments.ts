import { sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import type { Definition } from '#domain/sequence.ts';
import { type Person, peopleOf } from './facts.ts';
import type { Scope } from './scope.ts';
import { definitionOf } from './sequences.ts';

const columns = [
  ...(['e.id', 'e.sequenceId', 's.name as sequenceName', 'e.version', 'e.leadId'] as const),
  ...(['e.status', 'e.reason', 'e.because', 'e.stepId', 'e.nextAt', 'e.nextBecause'] as const),
  ...(['e.enteredBy', 'e.enrolledAt', 'e.pausedAt', 'e.endedAt'] as const),
] as const;

const leadName =
  sql<string>`(select coalesce(nullif(concat_ws(' ', c.first_name, c.last_name), ''), c.email, c.phone_e164, '')
  from contacts c where c.id = e.contact_id)`.as('leadName');

interface Filter {
  lead?: string | undefined;
  sequence?: string | undefined;
  status?: string | undefined;
  limit?: number;
  cursor?: string | undefined;
}

/** Who walks what, the latest first. */
export async function listEnrolments(
  { db }: Scope,
  { lead, sequence, status, limit = 50, cursor }: Filter,
) {
  let query = db
    .selectFrom('enrolments as e')
    .innerJoin('sequences as s', 's.id', 'e.sequenceId')
    .select(columns)
    .select(leadName);
  if (lead) query = query.where('e.leadId', '=', lead);
  if (sequence) query = query.where('e.sequenceId', '=', sequence);
  if (status) query = query.where('e.status', '=', status);
  if (cursor) query = query.where('e.id', '<', cursor);
  const rows = await query
    .orderBy('e.id', 'desc')
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? items.at(-1)!.id : null };
}

/** What became of one step of a walk. */
export interface Trace {
  stepId: string;
  state: string;
  at: string;
  because: string;
  touchId: string | null;
}

/** One walk with everything that is remembered of it. */
export async function getEnrolment(scope: Scope, id: string) {
  const { db } = scope;
  const enrolment = await db
    .selectFrom('enrolments as e')
    .innerJoin('sequences as s', 's.id', 'e.sequenceId')
    .select([...columns, 'e.versionId'])
    .select(leadName)
    .where('e.id', '=', id)
    .executeTakeFirst();
  if (!enrolment) throw new Refusal('not-found', 'There is no such enrolment.');
  const { versionId, ...rest } = enrolment;
  const definition: Definition = await definitionOf(scope, versionId);
  const people = await peopleOf(scope, [enrolment.leadId]);
  const person: Omit<Person, 'sender' | 'enrolment'> = people.get(enrolment.leadId)!;
  return { enrolment: rest, definition, person, traces: await tracesOf(scope, id) };
}

/** The last word on each step that was reached: its touch, else its last decision. */
async function tracesOf({ db }: Scope, id: string): Promise<Trace[]> {
  const { rows } = await sql<Trace>`
    select step_id, state, at, because, touch_id from (
      select distinct on (step_id) step_id, state, at, because, touch_id from (
        select step_id, state, coalesce(accepted_at, settled_at, updated_at) as at,
          coalesce(because, '') as because, id as touch_id, 1 as rank
        from touches where enrolment_id = ${id} and step_id is not null
        union all
        select step_id, outcome, at, because, touch_id, 0 from decisions
        where enrolment_id = ${id} and step_id is not null) every
      order by step_id, rank desc, at desc) last
    order by at`.execute(db);
  return rows;
}
