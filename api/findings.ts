import { z } from 'zod';
import { addComment, listComments, snoozeFinding, wakeFinding } from '#db/finding-notes.ts';
import { taskOfFinding } from '#db/finding-tasks.ts';
import { FindingComment } from '#domain/result.ts';
import { route } from './route.ts';

const OneFinding = z.object({
  id: z.uuid(),
  line: z.coerce.number().int().min(0).max(2_000_000_000),
  ruleId: z.string().max(60),
});
const path = '/analyze/:id/findings/:line/:ruleId';

export const findingRoutes = [
  route('post', `${path}/snooze`, {
    summary: 'Set a finding aside until a day, in this analysis and in the next ones',
    needs: 'analyses:write',
    params: OneFinding,
    body: z.object({
      until: z.iso.datetime({ offset: true }),
      reason: z.string().trim().max(500).default(''),
    }),
    reply: z.object({ snoozedUntil: z.iso.datetime() }),
    run: async ({ params, body }, scope, { now }) => {
      await snoozeFinding(scope, params, { ...body, now: now() });
      return { snoozedUntil: new Date(body.until).toISOString() };
    },
  }),

  route('delete', `${path}/snooze`, {
    summary: 'Look at a finding again that was set aside',
    needs: 'analyses:write',
    params: OneFinding,
    reply: z.object({ snoozedUntil: z.null() }),
    run: async ({ params }, scope) => {
      await wakeFinding(scope, params);
      return { snoozedUntil: null };
    },
  }),

  route('get', `${path}/comments`, {
    summary: 'What was said about a finding, in this analysis and in earlier ones',
    needs: 'analyses:read',
    params: OneFinding,
    reply: z.object({ items: z.array(FindingComment) }),
    run: async ({ params }, scope) => ({ items: await listComments(scope, params) }),
  }),

  route('post', `${path}/comments`, {
    summary: 'Say something about a finding, and tell those who are mentioned',
    needs: 'analyses:write',
    params: OneFinding,
    body: z.object({
      text: z.string().trim().min(1).max(5000),
      mentions: z.array(z.string().max(100)).max(20).default([]),
    }),
    reply: z.object({ comment: FindingComment }),
    status: () => 201,
    run: async ({ params, body }, scope) => ({ comment: await addComment(scope, params, body) }),
  }),

  route('post', `${path}/task`, {
    summary: 'Plan what puts a finding right, for the owner of its deal',
    needs: 'deals:write',
    params: OneFinding,
    reply: z.object({ taskId: z.uuid() }),
    status: () => 201,
    run: async ({ params }, scope) => ({ taskId: await taskOfFinding(scope, params) }),
  }),
];
