import { z } from 'zod';
import { beginAnalysis, type NewAnalysis } from '#db/analyses.ts';
import { getPipeline } from '#db/pipelines.ts';
import { listViews } from '#db/saved-views.ts';
import { getDeal } from '#db/deals.ts';
import type { Scope } from '#db/scope.ts';
import { Refusal } from '#domain/refusal.ts';
import { route } from './route.ts';

const rest = {
  ruleIds: z.array(z.string().max(60)).max(500).nullish(),
  name: z.string().trim().min(1).max(200).optional(),
};
const Scan = z.discriminatedUnion('source', [
  z.strictObject({ source: z.literal('pipeline'), pipelineId: z.uuid().optional(), ...rest }),
  z.strictObject({ source: z.literal('view'), viewId: z.uuid(), ...rest }),
  z.strictObject({ source: z.literal('deal'), dealId: z.uuid(), ...rest }),
]);

export const scanRoutes = [
  route('post', '/scan', {
    summary: 'Judge the workspace’s own deals: a pipeline, a saved view or one deal',
    needs: 'analyses:write',
    body: Scan,
    reply: z.object({ id: z.uuid() }),
    status: () => 202,
    run: async ({ body }, scope) => ({ id: await beginAnalysis(scope, await meant(scope, body)) }),
  }),
];

/** What is looked at, named, and what it is compared with over time. */
async function meant(scope: Scope, scan: z.output<typeof Scan>): Promise<NewAnalysis> {
  const { source, ruleIds, name } = scan;
  if (scan.source === 'pipeline') {
    const { pipelineId } = scan;
    const pipeline = pipelineId ? await getPipeline(scope, pipelineId) : undefined;
    const series = pipelineId ? `pipeline:${pipelineId}` : 'pipeline';
    const subject = { ...(pipelineId && { pipelineId }) };
    return { source, ruleIds, subject, series, name: name ?? pipeline?.name ?? 'All deals' };
  }
  if (scan.source === 'view') {
    const { viewId } = scan;
    const view = (await listViews(scope, 'deals')).find(({ id }) => id === viewId);
    if (!view) throw new Refusal('not-found', 'There is no such view of deals.');
    return {
      source,
      ruleIds,
      subject: { viewId },
      series: `view:${viewId}`,
      name: name ?? view.name,
    };
  }
  const { dealId } = scan;
  const deal = await getDeal(scope, dealId);
  return {
    source,
    ruleIds,
    subject: { dealId },
    series: `deal:${dealId}`,
    name: name ?? deal.name,
  };
}
