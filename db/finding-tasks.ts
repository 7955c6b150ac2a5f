import { Refusal } from '#domain/refusal.ts';
import { type FindingKey, getFinding } from './finding-notes.ts';
import { lookedAt, rulesById } from './result-rules.ts';
import type { Scope } from './scope.ts';
import { addTask } from './tasks.ts';

/** Plans what puts a finding right, once: the task that is there stays the only one. */
export async function taskOfFinding(scope: Scope, key: FindingKey): Promise<string> {
  const { dealId, taskId, message } = await getFinding(scope, key);
  if (taskId && (await isOpen(scope, taskId))) return taskId;
  if (!dealId) throw new Refusal('conflict', 'This deal is only in the file, not in the pipeline.');
  const rule = rulesById(await lookedAt(scope, key.id)).get(key.ruleId);
  const title = (rule?.remediation_action ?? message).slice(0, 300);
  const task = await addTask(scope, { dealId, title, body: message });
  await rememberTask(scope, key, task.id);
  return task.id;
}

export async function rememberTask(
  { db }: Scope,
  { id, line, ruleId }: FindingKey,
  taskId: string,
): Promise<void> {
  await db
    .updateTable('findings')
    .set({ taskId })
    .where('analysisId', '=', id)
    .where('line', '=', line)
    .where('ruleId', '=', ruleId)
    .execute();
}

async function isOpen({ db }: Scope, taskId: string): Promise<boolean> {
  const task = await db
    .selectFrom('tasks')
    .select('id')
    .where('id', '=', taskId)
    .where('doneAt', 'is', null)
    .where('cancelledAt', 'is', null)
    .executeTakeFirst();
  return task !== undefined;
}
