import { z } from 'zod';
import { addPipeline, changePipeline, getPipeline, listPipelines } from '#db/pipelines.ts';
import { archiveStage } from '#db/stage-archive.ts';
import { addStage, changeStage, orderStages } from '#db/stages.ts';
import { pageOf } from '#domain/page.ts';
import { Pipeline, Stage } from '#domain/pipeline.ts';
import { NewPipeline, NewStage, PipelineChange, StageChange } from '#domain/pipeline-change.ts';
import { route } from './route.ts';

const One = z.object({ id: z.uuid() });

export const pipelineRoutes = [
  route('get', '/pipelines', {
    summary: 'List the pipelines with their stages',
    needs: 'deals:read',
    query: z.object({ archived: z.stringbool().optional() }),
    reply: pageOf(Pipeline),
    run: async ({ query }, scope) => ({ items: await listPipelines(scope, query), next: null }),
  }),

  route('post', '/pipelines', {
    summary: 'Add a pipeline; it begins with the usual six stages',
    needs: 'pipelines:write',
    body: NewPipeline,
    reply: Pipeline,
    status: () => 201,
    run: ({ body }, scope) => addPipeline(scope, body),
  }),

  route('patch', '/pipelines/:id', {
    summary: 'Rename, move, archive or bring back a pipeline',
    needs: 'pipelines:write',
    params: One,
    body: PipelineChange,
    reply: Pipeline,
    run: ({ params, body }, scope) => changePipeline(scope, params.id, body),
  }),

  route('post', '/pipelines/:id/stages', {
    summary: 'Add a stage that deals pass through',
    needs: 'pipelines:write',
    params: One,
    body: NewStage,
    reply: Stage,
    status: () => 201,
    run: ({ params, body }, scope) => addStage(scope, params.id, body),
  }),

  route('put', '/pipelines/:id/stages', {
    summary: 'Put the stages of a pipeline into an order',
    needs: 'pipelines:write',
    params: One,
    body: z.object({ ids: z.array(z.uuid()).max(100) }),
    reply: Pipeline,
    run: async ({ params, body }, scope) => {
      await orderStages(scope, params.id, body.ids);
      return getPipeline(scope, params.id);
    },
  }),

  route('patch', '/stages/:id', {
    summary: 'Change a stage; that won and lost end a deal stays',
    needs: 'pipelines:write',
    params: One,
    body: StageChange,
    reply: Stage,
    run: ({ params, body }, scope) => changeStage(scope, params.id, body),
  }),

  route('post', '/stages/:id/archive', {
    summary: 'Take a stage out of use; its deals go where it is said',
    needs: 'pipelines:write',
    params: One,
    body: z.object({ toStageId: z.uuid().optional() }),
    reply: Stage,
    run: ({ params, body }, scope) => archiveStage(scope, params.id, body.toStageId),
  }),
];
