import { z } from 'zod';
import {
  pauseEnrolment,
  resumeEnrolment,
  retryStep,
  skipStep,
  stopEnrolment,
} from '#db/commands.ts';
import { getEnrolment, listEnrolments } from '#db/enrolments.ts';
import type { Scope } from '#db/scope.ts';
import { EnrolmentStatus, Keep } from '#domain/enrolment.ts';
import { HistoryEvent } from '#domain/history.ts';
import { pageOf } from '#domain/page.ts';
import { EnrolmentRow, Run } from '#domain/run.ts';
import { obeyed } from './commands.ts';
import { storyOf } from './enrolment-story.ts';
import { historyOf } from './history.ts';
import { route } from './route.ts';

const One = z.object({ id: z.uuid() });

/** Where the walk stands; `heard` tells whether its workflow has answered yet. */
const Obeyed = z.object({
  id: z.uuid(),
  status: EnrolmentStatus,
  reason: z.string().nullable(),
  stepId: z.string().nullable(),
  until: z.iso.datetime().nullable(),
  heard: z.boolean(),
  /** The Update that was sent; its id makes it once. */
  command: z.object({ id: z.string(), update: z.string(), input: z.unknown() }),
});

interface Told {
  commandId: string;
  update: string;
  input: unknown;
}

/** A command writes down first what it means and promises the Update; then it waits a moment for the walk itself. */
function command<Body extends z.ZodType>(
  name: string,
  summary: string,
  body: Body,
  tell: (scope: Scope, id: string, body: z.output<Body>, commandId: string) => Promise<Told>,
) {
  return route('post', `/enrolments/:id/${name}`, {
    summary,
    needs: 'enrolments:write',
    params: One,
    body,
    reply: Obeyed,
    status: ({ heard }) => (heard ? 200 : 202),
    async run({ params, body }, scope) {
      const { commandId, update, input } = await tell(scope, params.id, body, crypto.randomUUID());
      const { enrolment } = await getEnrolment(scope, params.id);
      return {
        ...{ id: params.id, status: enrolment.status as EnrolmentStatus },
        ...{ reason: enrolment.reason, stepId: enrolment.stepId, until: enrolment.nextAt },
        ...{ heard: false, command: { id: commandId, update, input } },
      };
    },
    async then(reply, temporal) {
      const standing = await obeyed({ enrolmentId: reply.id, ...reply.command }, temporal);
      if (!standing) return reply;
      return { ...reply, stepId: standing.stepId, until: standing.until ?? null, heard: true };
    },
  });
}

const Nothing = z.object({}).default({});

export const enrolmentRoutes = [
  route('get', '/enrolments', {
    summary: 'Who walks which sequence, and where they stand',
    needs: 'sequences:read',
    query: z.object({
      lead: z.uuid().optional(),
      sequence: z.uuid().optional(),
      status: EnrolmentStatus.optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      cursor: z.uuid().optional(),
    }),
    reply: pageOf(EnrolmentRow),
    async run({ query }, scope) {
      const { items, next } = await listEnrolments(scope, query);
      return { items: items as z.input<typeof EnrolmentRow>[], next };
    },
  }),

  route('get', '/enrolments/:id', {
    summary: 'One walk: what was done, where it stands, what comes next and why',
    needs: 'sequences:read',
    params: One,
    reply: Run,
    run: async ({ params }, scope) =>
      storyOf(await getEnrolment(scope, params.id), new Date().toISOString()),
  }),

  route('get', '/enrolments/:id/history', {
    summary: 'The walk’s own event history from Temporal, readable, or that it has expired',
    needs: 'sequences:read',
    params: One,
    reply: z.object({
      id: z.uuid(),
      workflowId: z.string(),
      state: z.enum(['there', 'expired', 'not-started', 'away']),
      items: z.array(HistoryEvent),
      next: z.null(),
    }),
    async run({ params: { id } }, scope) {
      const { enrolment } = await getEnrolment(scope, id);
      const state = enrolment.stepId ? ('expired' as const) : ('not-started' as const);
      return { id, workflowId: `enrolment:${id}`, state, items: [], next: null };
    },
    async then(reply, temporal) {
      const history = await historyOf(temporal, reply.workflowId);
      return history === 'none' ? reply : { ...reply, ...history };
    },
  }),

  command(
    'pause',
    'Pause a walk: what is left of its wait stays',
    z.object({ reason: z.string().trim().min(1).max(100).default('manual') }).default({
      reason: 'manual',
    }),
    (scope, id, { reason }, commandId) => pauseEnrolment(scope, id, reason, commandId),
  ),
  command(
    'resume',
    'Let a paused walk go on: keep what was left of the wait (rest), or its date',
    z.object({ keep: Keep.default('rest') }).default({ keep: 'rest' }),
    (scope, id, { keep }, commandId) => resumeEnrolment(scope, id, keep, commandId),
  ),
  command(
    'skip',
    'Leave out the step at hand',
    z.object({ stepId: z.string().max(60).optional() }).default({}),
    (scope, id, { stepId }, commandId) => skipStep(scope, id, stepId, commandId),
  ),
  command('stop', 'End a walk for good', Nothing, (scope, id, _body, commandId) =>
    stopEnrolment(scope, id, commandId),
  ),
  command(
    'retry',
    'Try again what stood in the way; after a refusal that is a new attempt',
    Nothing,
    (scope, id, _body, commandId) => retryStep(scope, id, commandId),
  ),
];
