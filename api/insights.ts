import { z } from 'zod';
import { alertsOf } from '#db/alerts.ts';
import { actOnInsight, snoozeInsight } from '#db/insight-actions.ts';
import { listInsights, partsOf } from '#db/insights.ts';
import { override, showSettings } from '#db/overrides.ts';
import { Alerts } from '#domain/alert.ts';
import { Insight, InsightAction, InsightFilter } from '#domain/insight.ts';
import { InsightSettings } from '#domain/insight-settings.ts';
import { Refusal } from '#domain/refusal.ts';
import { RiskChange } from '#domain/risk-settings.ts';
import { route } from './route.ts';

const OneInsight = z.object({ id: z.string().min(1).max(200) });
const Settings = z.object({
  ...{ defaults: InsightSettings, changes: RiskChange, settings: InsightSettings },
});

export const insightRoutes = [
  route('get', '/sales/insights', {
    summary: 'List what is worth a word about deals and leads, what is worst first',
    needs: 'deals:read',
    query: InsightFilter.extend({ limit: z.coerce.number().int().min(1).max(500).default(100) }),
    reply: z.object({
      status: z.literal('success'),
      /** All that are wanted, of which the worst are shown. */
      count: z.int(),
      counts: Alerts.shape.counts,
      insights: z.array(Insight),
    }),
    run: async ({ query: { limit, ...filter } }, scope, { now }) => {
      const { counts, insights } = await listInsights(scope, { now: now(), limit, filter });
      const count = counts.critical + counts.warning + counts.info;
      return { status: 'success' as const, count, counts, insights };
    },
  }),

  route('get', '/alerts', {
    summary: 'Sum up the deals at risk and what is critical',
    needs: 'deals:read',
    reply: Alerts,
    run: (_given, scope, { now }) => alertsOf(scope, now()),
  }),

  route('post', '/insights/:id/act', {
    summary: 'Do what an insight proposes, or what is given instead; it rests afterwards',
    needs: 'deals:write',
    params: OneInsight,
    body: z.object({ instead: InsightAction.optional() }).default({}),
    reply: z.object({
      did: z.string(),
      taskId: z.uuid().optional(),
      enrolmentId: z.uuid().optional(),
      leadIds: z.array(z.uuid()).optional(),
    }),
    run: ({ params, body }, scope, { now }) =>
      actOnInsight(scope, params.id, { now: now(), instead: body.instead }),
  }),

  route('post', '/insights/:id/snooze', {
    summary: 'Put an insight off, with a reason',
    needs: 'deals:write',
    params: OneInsight,
    body: z.object({ until: z.iso.datetime(), reason: z.string().trim().min(1).max(500) }),
    reply: z.object({ snoozedUntil: z.iso.datetime() }),
    run: async ({ params, body }, scope) => {
      if (!partsOf(params.id)) throw new Refusal('not-found', 'There is no such insight.');
      await snoozeInsight(scope, params.id, body);
      return { snoozedUntil: body.until };
    },
  }),

  route('get', '/insights/settings', {
    summary: 'Show from when something is worth a word, and what follows up',
    needs: 'deals:read',
    reply: Settings,
    run: (_given, scope) => showSettings(scope, 'insights', InsightSettings),
  }),

  route('put', '/insights/settings', {
    summary: 'Set from when something is worth a word, and what follows up',
    needs: 'risk:write',
    body: z.object({ changes: RiskChange }),
    reply: Settings,
    run: async ({ body }, scope) => {
      await override(scope, 'insights', InsightSettings, body.changes);
      return showSettings(scope, 'insights', InsightSettings);
    },
  }),
];
