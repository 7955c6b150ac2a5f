import { sql } from 'kysely';
import { plus } from '#domain/calendar.ts';
import { type Condition, type Facts, weigh } from '#domain/condition.ts';
import type { Goal } from '#domain/sequence.ts';
import { factsOf, peopleOf } from './facts.ts';
import type { Scope } from './scope.ts';
import { stopEnrolments } from './standing.ts';

/** Ends the open walks of these leads whose sequence has reached its goal. */
export async function meetGoals(scope: Scope, leadIds: string[]): Promise<void> {
  const { rows } = await sql<{ id: string; leadId: string; enrolledAt: string; goal: Goal }>`
    select e.id, e.lead_id, e.enrolled_at, v.definition->'goal' as goal
    from enrolments e join sequence_versions v on v.id = e.version_id
    where e.lead_id = any(${leadIds}::uuid[]) and e.status in ('active', 'paused', 'blocked')
      and v.definition->'goal' is not null
    order by e.contact_id, e.id`.execute(scope.db);
  if (rows.length === 0) return;
  const people = await peopleOf(scope, leadIds);
  const now = new Date().toISOString();
  for (const { id, leadId, enrolledAt, goal } of rows) {
    const person = people.get(leadId)!;
    const zone = person.contact.timeZone ?? person.workspace.timeZone;
    const because = whyReached(goal, factsOf(person), { enrolledAt, zone, now });
    if (because) await stopAtGoal(scope, id, because);
  }
}

export async function stopAtGoal(scope: Scope, enrolmentId: string, because: string) {
  const how = { reason: 'goal', because, eventId: `goal:${enrolmentId}` } as const;
  return stopEnrolments(scope, { enrolmentId }, how);
}

/** Why the goal counts as reached at this moment, in words; nothing when it does not. */
export function whyReached(
  { within, ...condition }: Goal,
  facts: Facts,
  { enrolledAt, zone, now }: { enrolledAt: string; zone: string; now: string },
): string | undefined {
  if (within && Date.parse(now) > Date.parse(plus(enrolledAt, within, zone))) return undefined;
  const { holds, because } = weigh(condition as Condition, facts, now);
  if (!holds) return undefined;
  const reasons = because.filter((reason) => reason.holds);
  return `the goal is reached: ${reasons.map(({ field, fact }) => `${field} is ${JSON.stringify(fact ?? null)}`).join(', ')}`;
}
