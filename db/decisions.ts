import { sql } from 'kysely';
import type { StepOfWalk } from '#domain/touch.ts';
import type { Scope } from './scope.ts';

export interface Decision {
  rule: string;
  outcome: string;
  because: string;
  inputs: Record<string, unknown>;
}

/** Writes down a choice of the engine, once; answers whether it was the first time. */
export async function decide(
  { db, workspaceId }: Scope,
  at: StepOfWalk,
  { rule, outcome, because, inputs }: Decision,
): Promise<boolean> {
  const { rows } = await sql`
    with here as (
      update enrolments set step_id = ${at.stepId}, visit = ${at.visit}, walked_at = coalesce(walked_at, now())
      where id = ${at.enrolmentId} returning id, lead_id, version)
    insert into decisions (workspace_id, enrolment_id, lead_id, step_id, visit, outcome, rule, because, inputs, version, key)
    select ${workspaceId}::uuid, id, lead_id, ${at.stepId}, ${at.visit}::int, ${outcome}, ${rule}, ${because},
      ${JSON.stringify(inputs)}::jsonb, version, ${keyOf(at, rule, outcome)}
    from here on conflict do nothing returning id`.execute(db);
  return rows.length > 0;
}

/** What was decided at this step before, by this rule. */
export function decisionOf({ db }: Scope, at: StepOfWalk, rule: string) {
  return db
    .selectFrom('decisions')
    .select(['outcome', 'because'])
    .where('enrolmentId', '=', at.enrolmentId)
    .where('stepId', '=', at.stepId)
    .where('visit', '=', at.visit)
    .where('rule', '=', rule)
    .orderBy('id')
    .executeTakeFirst();
}

function keyOf({ stepId, visit }: StepOfWalk, rule: string, outcome: string): string {
  return `${stepId}/${visit}/${rule}/${outcome}`;
}
