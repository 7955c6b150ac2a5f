import { sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import type { Task } from '#domain/task.ts';
import { changed } from './changes.ts';
import { refuseUnknown } from './named.ts';
import type { Scope } from './scope.ts';
import { hearEvent } from './standing.ts';
import { applyTags } from './tags.ts';

const columns = [
  ...(['id', 'leadId', 'enrolmentId', 'kind', 'title', 'because', 'assigneeId', 'dueAt'] as const),
  ...(['snoozedUntil', 'doneAt', 'doneBy', 'outcome', 'cancelledAt', 'createdAt'] as const),
] as const;

/** The tasks of a lead or of a person, what is due first; done ones after. */
export async function listTasks(
  { db }: Scope,
  filter: { lead?: string; assignee?: string; open?: boolean },
): Promise<Task[]> {
  const rows = await db
    .selectFrom('tasks')
    .select(columns)
    .$if(filter.lead !== undefined, (all) => all.where('leadId', '=', filter.lead!))
    .$if(filter.assignee !== undefined, (all) => all.where('assigneeId', '=', filter.assignee!))
    .$if(filter.open === true, (all) =>
      all.where('doneAt', 'is', null).where('cancelledAt', 'is', null),
    )
    .orderBy(sql`done_at is not null or cancelled_at is not null`)
    .orderBy('dueAt')
    .orderBy('id')
    .limit(200)
    .execute();
  return rows as Task[];
}

/** A task that is done is told to the walk that waits for it; a call may end with a tag. Done twice, it is done once. */
export async function completeTask(
  scope: Scope,
  id: string,
  { outcome, tag }: { outcome?: string; tag?: string } = {},
): Promise<Task> {
  const { db, workspaceId, actor } = scope;
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
  if (task.leadId) {
    const line = { kind: `${task.kind}_done`, title: `${task.title}: ${outcome ?? tag ?? 'done'}` };
    await db
      .insertInto('activities')
      .values({ workspaceId, actor, leadId: task.leadId, ...line })
      .execute();
    await touchLead(scope, task.leadId);
    if (tag) await applyTags(scope, [{ leadId: task.leadId, slug: tag }]);
  }
  changed(scope, 'today', 'leads');
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

export async function addTask(
  scope: Scope,
  task: {
    leadId: string;
    kind: 'task' | 'call';
    title: string;
    dueAt?: string;
    assigneeId?: string;
  },
): Promise<Task> {
  const { db, workspaceId, actor } = scope;
  const lead = await db
    .selectFrom('leads')
    .select(['id', 'ownerId'])
    .where('id', '=', task.leadId)
    .executeTakeFirst();
  if (!lead) throw new Refusal('not-found', 'There is no such lead.');
  await refuseUnknown(scope, 'members', task.assigneeId, 'assigneeId');
  const row = { workspaceId, assigneeId: lead.ownerId ?? actor, because: 'added by hand', ...task };
  const made = await db
    .insertInto('tasks')
    .values(row)
    .returning(columns)
    .executeTakeFirstOrThrow();
  changed(scope, 'today', 'leads');
  return made as Task;
}

async function write(scope: Scope, id: string, values: Partial<Task>): Promise<Task> {
  const task = await scope.db
    .updateTable('tasks')
    .set(values)
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirstOrThrow();
  changed(scope, 'today', 'leads');
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

async function touchLead({ db }: Scope, id: string): Promise<void> {
  await db
    .updateTable('leads')
    .set({ updatedAt: sql`now()`, lastActivityAt: sql`now()` })
    .where('id', '=', id)
    .execute();
}
