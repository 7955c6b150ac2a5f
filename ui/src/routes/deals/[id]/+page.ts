import type { Activity } from '#domain/activity.ts';
import type { Assessment } from '#domain/assessment.ts';
import type { DealLine, DealSum } from '#domain/deal-line.ts';
import type { DealRisk } from '#domain/risk-history.ts';
import type { Entry } from '#domain/timeline.ts';
import { get, keep, type Page } from '#lib/api.ts';
import { members, tags } from '#lib/choices.ts';
import type { Deal, Pipeline } from '#lib/deal.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params, depends }) => {
  depends('api:deals', 'api:activities', 'api:today');
  const path = `/deals/${params.id}`;
  const [{ deal }, lines, risk, assessment, timeline, moves, settings, pipelines, people, words] =
    await Promise.all([
      get<{ deal: Deal }>(fetch, path),
      keep<{ items: DealLine[]; sum: DealSum }>(fetch, `${path}/lines`),
      keep<DealRisk>(fetch, `${path}/risk`),
      keep<Assessment>(fetch, `${path}/assessment`),
      keep<Page<Entry>>(fetch, `${path}/timeline?limit=100`),
      keep<Page<Activity>>(fetch, `/activities?deal=${params.id}&kind=stage_change&limit=200`),
      keep<{ settings: { bands: { medium: number; high: number } } }>(fetch, '/risk/settings'),
      keep<Page<Pipeline>>(fetch, '/pipelines'),
      members(fetch),
      tags(fetch),
    ]);
  const stages = pipelines.value?.items.find(({ id }) => id === deal.pipelineId)?.stages ?? [];
  return {
    ...{ deal, lines, risk, assessment, timeline, stages, people, words },
    bounds: settings.value?.settings.bands ?? { medium: 0.35, high: 0.65 },
    moves: (moves.value?.items ?? []).map(({ at, data }) => ({
      ...{ at, from: String(data['from'] ?? ''), to: String(data['to'] ?? '') },
    })),
  };
};
