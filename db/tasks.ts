import { sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import type { Task, TaskChange, TaskInput } from '#domain/task.ts';
import { changed } from './changes.ts';
import { afterDeals } from './deal-follow.ts';
import { refuseUnknown } from './named.ts';
import { insertRows } from './rows.ts';
import type { Scope } from './scope.ts';
import { hearEvent } from './standing.ts';
import { hrefOf, subjectOf, touchRecords } from './subjects.ts';
import { applyTags } from './tags.ts';

const columns = [
  ...([
    'id',
    'leadId',
    'contactId',
    'companyId',
    'dealId',
    'enrolmentId',
    'kind',
    'priority',
  ] as const),
  ...(['title', 'body', 'because', 'assigneeId', 'dueAt', 'snoozedUntil', 'doneAt'] as const),
  ...(['doneBy', 'outcome', 'cancelledAt', 'createdBy', 'createdAt'] as const),
] as const;

/** A task that is done is told to the walk that waits for it; a call may end with a tag. Done twice, it is done once. */
export async function completeTask(
  scope: Scope,
  id: string,
  { outcome, tag }: { outcome?: string; tag?: string } = {},
): Promise<Task> {
  const { db, actor } = scope;
  const task = await lockTask(scope, id);
  if (task.doneAt) return task;
  if (task.cancelledAt) throw new Refusal('conflict', 'This task was cancelled with its sequence.');
  const done = await db
    .updateTable('tasks')
    .set({
      doneAt: sql`now()`,
      doneBy: actor,
      outcome: outcome ?? tag ?? 'done',
      snoozedUntil: null,
    })
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirstOrThrow();
  if (task.enrolmentId) {
    const event = `task.done:${id}`;
    await hearEvent(
      scope,
      { enrolmentId: task.enrolmentId },
      { id: event, event, at: done.doneAt! },
    );
  }
  await tellDone(scope, task, outcome ?? tag ?? 'done');
  if (task.leadId && tag) await applyTags(scope, [{ leadId: task.leadId, slug: tag }]);
  changed(scope, ...topics);
  return done as Task;
}

export async function snoozeTask(scope: Scope, id: string, until: string): Promise<Task> {
  const task = await lockTask(scope, id);
  if (task.doneAt ?? task.cancelledAt) throw new Refusal('conflict', 'This task is not open.');
  return write(scope, id, { snoozedUntil: until });
}

/** Takes back a tick. What has followed from it stays. */
export async function reopenTask(scope: Scope, id: string): Promise<Task> {
  const task = await lockTask(scope, id);
  if (task.cancelledAt) throw new Refusal('conflict', 'This task was cancelled with its sequence.');
  return write(scope, id, { doneAt: null, doneBy: null, outcome: null, snoozedUntil: null });
}

/** Plans something for the owner of its record, or for whoever it says; they are told. */
export async function addTask(scope: Scope, input: TaskInput): Promise<Task> {
  const { db, workspaceId, actor } = scope;
  const subject = await subjectOf(scope, input);
  await refuseUnknown(scope, 'members', input.assigneeId, 'assigneeId');
  const { leadId, contactId, companyId, dealId } = subject;
  const { assigneeId = subject.ownerId ?? actor, ...given } = input;
  const row = {
    ...{ workspaceId, because: 'added by hand', createdBy: actor, kind: 'task', ...given },
    ...{ assigneeId, leadId, contactId, companyId, dealId },
  };
  const made = await db
    .insertInto('tasks')
    .values(row)
    .returning(columns)
    .executeTakeFirstOrThrow();
  await tellAssignee(scope, made as Task);
  changed(scope, ...topics);
  return made as Task;
}

/** Changes what is to be done, by when, how soon and by whom; the new one is told. */
export async function changeTask(scope: Scope, id: string, change: TaskChange): Promise<Task> {
  const before = await lockTask(scope, id);
  if (before.doneAt ?? before.cancelledAt)
    throw new Refusal('conflict', 'This task is not open. Reopen it first.');
  await refuseUnknown(scope, 'members', change.assigneeId, 'assigneeId');
  const after = await write(scope, id, { id, ...change });
  if (after.assigneeId !== before.assigneeId) await tellAssignee(scope, after);
  return after;
}

const topics = ['today', 'leads', 'contacts', 'companies', 'deals', 'activities'] as const;

/** A line on every record that it is on, whose last activity it is. */
async function tellDone(scope: Scope, task: Task, outcome: string): Promise<void> {
  const { leadId, contactId, companyId, dealId } = task;
  if (!leadId && !contactId && !companyId && !dealId) return;
  const { workspaceId, actor } = scope;
  const of = { leadId, contactId, companyId, dealId };
  const line = { kind: `${task.kind}_done`, title: `${task.title}: ${outcome}` };
  await scope.db
    .insertInto('activities')
    .values({ workspaceId, actor, ...of, ...line, data: JSON.stringify({ taskId: task.id }) })
    .execute();
  await touchRecords(scope, of);
  if (dealId) await afterDeals(scope, [dealId], 'a task was done');
}

async function tellAssignee(scope: Scope, task: Task): Promise<void> {
  const { workspaceId, actor } = scope;
  const { assigneeId, leadId } = task;
  if (!assigneeId || assigneeId === actor) return;
  const row = {
    ...{ workspaceId, userId: assigneeId, kind: 'task', leadId, href: hrefOf(task) },
    ...{ title: `You were given a task: ${task.title}`, key: `task:${task.id}:${assigneeId}` },
  };
  await insertRows(scope, 'notifications', [row], ['id']);
  changed(scope, 'notifications');
}

async function write(scope: Scope, id: string, values: Partial<Task>): Promise<Task> {
  const task = await scope.db
    .updateTable('tasks')
    .set(values)
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirstOrThrow();
  changed(scope, ...topics);
  return task as Task;
}

async function lockTask({ db }: Scope, id: string): Promise<Task> {
  const task = await db
    .selectFrom('tasks')
    .select(columns)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (!task) throw new Refusal('not-found', 'There is no such task.');
  return task as Task;
}
