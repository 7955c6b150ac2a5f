import { sql } from 'kysely';
import type { FixChange, FixSkipped, FixWish } from '#domain/fix.ts';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import { writeChange } from './deal-changes.ts';
import { afterDeals } from './deal-follow.ts';
import { type Fill, planOf, type Step } from './fix-plan.ts';
import { presentOf, targetsOf } from './fix-targets.ts';
import { refuseUnknown } from './named.ts';
import { tryOut } from './race.ts';
import { lookedAt, rulesById } from './result-rules.ts';
import type { Scope } from './scope.ts';
import { addTask } from './tasks.ts';
import { takeBack } from './undoing.ts';
import { withUndo } from './undos.ts';

interface How {
  fill: Fill;
  now: string;
}

/** What fixes would change, and what they would leave and why; nothing changes. */
export async function previewFixes(
  scope: Scope,
  id: string,
  wish: FixWish,
  how: How,
): Promise<{ changes: FixChange[]; skipped: FixSkipped[]; left: number }> {
  const { steps, skipped, left } = await planned(scope, id, wish, { ...how, lock: false });
  return { changes: steps.map(({ change }) => change), skipped, left };
}

/** Fixes what can be fixed, all in one, as a change of whoever asks; what somebody changed meanwhile is left. */
export async function applyFixes(
  scope: Scope,
  id: string,
  wish: FixWish,
  how: How,
): Promise<{ undoId: string | null; applied: number; skipped: FixSkipped[]; left: number }> {
  const { steps, skipped, left } = await planned(scope, id, wish, { ...how, lock: true });
  const dealIds = [...new Set(steps.map(({ change }) => change.dealId))].toSorted();
  const about = { record: 'deal', what: 'fix', ids: dealIds } as const;
  const { done, undoId } = await withUndo(scope, about, () => takeSteps(scope, steps));
  skipped.push(...done.skipped);
  if (done.applied.length === 0) return { undoId: null, applied: 0, skipped, left };
  const undo = await rememberTasks(scope, undoId, done.tasks);
  await markFixed(scope, id, done, undo);
  return { undoId: undo, applied: done.applied.length, skipped, left };
}

/** Puts back what one bulk of fixes changed, where nobody has changed it since; its findings stand open again. */
export async function undoFixes(
  scope: Scope,
  id: string,
  undoId: string,
): Promise<{ restored: number; left: number }> {
  const fixed = await countFixed(scope, id, undoId);
  if (fixed === 0) throw new Refusal('not-found', 'There are no fixes of that name.');
  await takeBack(scope, undoId);
  const left = await countFixed(scope, id, undoId);
  return { restored: fixed - left, left };
}

async function planned(
  scope: Scope,
  id: string,
  wish: FixWish,
  { fill, now, lock }: How & { lock: boolean },
) {
  const looked = await lookedAt(scope, id);
  if (looked.status !== 'done') throw new Refusal('conflict', 'This analysis has not ended yet.');
  await refuseUnknown(scope, 'members', wish.ownerId, 'ownerId');
  const { targets, left } = await targetsOf(scope, looked, wish, now);
  const dealIds = [...new Set(targets.flatMap(({ dealId }) => dealId ?? []))].toSorted();
  const since = looked.startedAt ?? looked.createdAt;
  const present = await presentOf(scope, dealIds, { since, lock });
  const owners = [wish.ownerId, scope.actor];
  return { ...planOf(targets, { present, rules: rulesById(looked), fill, owners }), left };
}

interface Taken {
  applied: Step['change'][];
  skipped: FixSkipped[];
  tasks: { line: number; ruleId: string; taskId: string }[];
}

/** One after the other; what is refused to one is done to the others. */
async function takeSteps(scope: Scope, steps: Step[]): Promise<Taken> {
  const taken: Taken = { applied: [], skipped: [], tasks: [] };
  for (const step of steps) {
    const { line, ruleId, deal } = step.change;
    const tried = await tryOut(scope, () => takeStep(scope, step));
    if (tried.is === 'done') {
      taken.applied.push(step.change);
      if (tried.result) taken.tasks.push({ line, ruleId, taskId: tried.result });
      continue;
    }
    if (!(tried.error instanceof Refusal)) throw tried.error;
    const because = tried.error.faults[0]?.message ?? tried.error.message;
    taken.skipped.push({ line, ruleId, deal, because });
  }
  const touched = [...new Set(taken.applied.map(({ dealId }) => dealId))];
  await afterDeals(scope, touched, 'findings were fixed');
  return taken;
}

/** The task, where one was planned. */
async function takeStep(scope: Scope, { change, value, body }: Step): Promise<string | undefined> {
  const { dealId, field } = change;
  if (field === null) {
    const task = await addTask(scope, { dealId, title: String(value), body });
    return task.id;
  }
  await writeChange(scope, dealId, { [field]: value });
  return undefined;
}

/** Tasks are taken back with the rest. What only plans tasks can be taken back as well. */
async function rememberTasks(
  { db, workspaceId, actor }: Scope,
  undoId: string | null,
  tasks: Taken['tasks'],
): Promise<string | null> {
  if (tasks.length === 0) return undoId;
  const planned = JSON.stringify({ tasks: tasks.map(({ taskId }) => taskId) });
  if (undoId) {
    await sql`update undos set before = before || ${planned}::jsonb where id = ${undoId}`.execute(
      db,
    );
    return undoId;
  }
  const before = JSON.stringify({ changes: {}, tags: [], ...(JSON.parse(planned) as object) });
  const { id } = await db
    .insertInto('undos')
    .values({ workspaceId, record: 'deal', what: 'fix', before, actor })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

async function markFixed(
  scope: Scope,
  id: string,
  { applied, tasks }: Taken,
  undoId: string | null,
): Promise<void> {
  const made = new Map(tasks.map(({ line, ruleId, taskId }) => [`${line} ${ruleId}`, taskId]));
  const which = applied.map(({ line, ruleId }) => {
    return { line, rule_id: ruleId, task_id: made.get(`${line} ${ruleId}`) ?? null };
  });
  await sql`
    update findings f set fixed_at = now(), undo_id = ${undoId}, task_id = coalesce(a.task_id, f.task_id)
    from json_to_recordset(${JSON.stringify(which)}::json) a (line int, rule_id text, task_id uuid)
    where f.analysis_id = ${id} and f.line = a.line and f.rule_id = a.rule_id`.execute(scope.db);
  changed(scope, 'analyses');
}

async function countFixed({ db }: Scope, id: string, undoId: string): Promise<number> {
  const { count } = await db
    .selectFrom('findings')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('analysisId', '=', id)
    .where('undoId', '=', undoId)
    .executeTakeFirstOrThrow();
  return count;
}
