import { z } from 'zod';
import { listTasks } from '#db/task-list.ts';
import { addTask, changeTask, completeTask, reopenTask, snoozeTask } from '#db/tasks.ts';
import { pageOf } from '#domain/page.ts';
import { priorities, Task, TaskChange, TaskInput, TaskRow } from '#domain/task.ts';
import { route } from './route.ts';

const OneTask = z.object({ id: z.uuid() });

export const taskRoutes = [
  route('get', '/tasks', {
    summary: 'List tasks, what is due first',
    needs: 'leads:read',
    query: z.object({
      lead: z.uuid().optional(),
      contact: z.uuid().optional(),
      company: z.uuid().optional(),
      deal: z.uuid().optional(),
      assignee: z.string().max(100).optional(),
      kind: z.string().max(20).optional(),
      priority: z.enum(priorities).optional(),
      open: z.stringbool().optional(),
      overdue: z.stringbool().optional(),
      limit: z.coerce.number().int().min(1).max(200).default(200),
      cursor: z.string().max(300).optional(),
    }),
    reply: pageOf(TaskRow),
    run: ({ query }, scope) => listTasks(scope, query),
  }),

  route('post', '/tasks', {
    summary: 'Plan a task on a lead, a contact, a company or a deal',
    needs: 'leads:write',
    body: TaskInput,
    reply: Task,
    status: () => 201,
    run: ({ body }, scope) => addTask(scope, body),
  }),

  route('patch', '/tasks/:id', {
    summary: 'Change what is to be done, by when, how soon or by whom',
    needs: 'leads:write',
    params: OneTask,
    body: TaskChange,
    reply: Task,
    run: ({ params, body }, scope) => changeTask(scope, params.id, body),
  }),

  route('post', '/tasks/:id/done', {
    summary: 'Tick off a task, with its outcome or a disposition; a walk that waits for it goes on',
    needs: 'leads:write',
    params: OneTask,
    body: z
      .object({ outcome: z.string().max(300).optional(), tag: z.string().max(100).optional() })
      .default({}),
    reply: Task,
    run: ({ params, body }, scope) => completeTask(scope, params.id, body),
  }),

  route('post', '/tasks/:id/snooze', {
    summary: 'Put off a task',
    needs: 'leads:write',
    params: OneTask,
    body: z.object({ until: z.iso.datetime({ offset: true }) }),
    reply: Task,
    run: ({ params, body }, scope) => snoozeTask(scope, params.id, body.until),
  }),

  route('post', '/tasks/:id/reopen', {
    summary: 'Take back a tick',
    needs: 'leads:write',
    params: OneTask,
    reply: Task,
    run: ({ params }, scope) => reopenTask(scope, params.id),
  }),
];
