import { z } from 'zod';
import { addTask, completeTask, listTasks, reopenTask, snoozeTask } from '#db/tasks.ts';
import { pageOf } from '#domain/page.ts';
import { Task } from '#domain/task.ts';
import { route } from './route.ts';

const OneTask = z.object({ id: z.uuid() });

export const taskRoutes = [
  route('get', '/tasks', {
    summary: 'List tasks, what is due first',
    needs: 'leads:read',
    query: z.object({
      lead: z.uuid().optional(),
      assignee: z.string().max(100).optional(),
      open: z.stringbool().optional(),
    }),
    reply: pageOf(Task),
    run: async ({ query }, scope) => ({ items: await listTasks(scope, query), next: null }),
  }),

  route('post', '/tasks', {
    summary: 'Add a task to a lead',
    needs: 'leads:write',
    body: z.object({
      leadId: z.uuid(),
      kind: z.enum(['task', 'call']).default('task'),
      title: z.string().trim().min(1).max(300),
      dueAt: z.iso.datetime({ offset: true }).optional(),
      assigneeId: z.string().max(100).optional(),
    }),
    reply: Task,
    status: () => 201,
    run: ({ body }, scope) => addTask(scope, body),
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
