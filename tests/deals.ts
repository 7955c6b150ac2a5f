import { listPipelines } from '#db/pipelines.ts';
import type { Scope } from '#db/scope.ts';
import type { Deal } from '#domain/deal.ts';
import type { Stage } from '#domain/pipeline.ts';
import type { Calling } from './serve.ts';

/** The stages of the first pipeline by their slugs. */
export async function stagesOf(scope: Scope): Promise<Record<string, Stage>> {
  const [first] = await listPipelines(scope);
  return Object.fromEntries(first!.stages.map((stage) => [stage.slug, stage]));
}

/** A deal that somebody makes through the API. */
export async function aDeal(serve: Calling, given: object = {}): Promise<Deal> {
  const reply = await serve.post('/api/deals', { name: 'Bauer Cold Storage', ...given });
  if (reply.status !== 201) throw new Error(JSON.stringify(reply.body));
  return (reply.body as { deal: Deal }).deal;
}
