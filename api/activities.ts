import { z } from 'zod';
import { listActivities, logActivity } from '#db/activities.ts';
import { salesActivities } from '#db/sales-activities.ts';
import { Activity, ActivityInput, activityTypes, SalesActivity } from '#domain/activity.ts';
import { pageOf } from '#domain/page.ts';
import { route } from './route.ts';

export const activityRoutes = [
  route('post', '/activities', {
    summary: 'Write down a call, a meeting, a mail, a text, a note or a comment on any record',
    needs: 'leads:write',
    body: ActivityInput,
    reply: Activity,
    status: () => 201,
    run: ({ body }, scope) => logActivity(scope, body),
  }),

  route('get', '/activities', {
    summary: 'List what happened, the latest first',
    needs: 'leads:read',
    query: z.object({
      lead: z.uuid().optional(),
      contact: z.uuid().optional(),
      company: z.uuid().optional(),
      deal: z.uuid().optional(),
      kind: z.string().max(60).optional(),
      type: z.enum(activityTypes).optional(),
      actor: z.string().max(100).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      cursor: z.string().max(500).optional(),
    }),
    reply: pageOf(Activity),
    run: ({ query }, scope) => listActivities(scope, query),
  }),

  route('get', '/sales/activities', {
    summary: 'The feed of activities as other systems read it',
    needs: 'deals:read',
    query: z.object({
      limit: z.coerce.number().int().min(1).max(200).default(20),
      offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
    }),
    reply: z.object({ total_count: z.int(), activities: z.array(SalesActivity) }),
    run: ({ query }, scope) => salesActivities(scope, query),
  }),
];
