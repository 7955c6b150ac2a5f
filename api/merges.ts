import { z } from 'zod';
import { undoMerge } from '#db/merge-undo.ts';
import { listMerges } from '#db/merge-list.ts';
import { previewMerge } from '#db/merge-preview.ts';
import { mergeRecords } from '#db/merges.ts';
import { Mergeable } from '#domain/duplicate.ts';
import { Merge, MergePreview, MergeWish } from '#domain/merge.ts';
import { route } from './route.ts';

export const mergeRoutes = [
  route('get', '/merges/preview', {
    summary: 'What two contacts or companies would come to, field by field, and what would move',
    needs: 'leads:read',
    query: z.object({
      record: Mergeable.default('contact'),
      kept: z.uuid(),
      merged: z.uuid(),
    }),
    reply: MergePreview,
    run: ({ query: { record, kept, merged } }, scope) =>
      previewMerge(scope, { record, keptId: kept, mergedId: merged }),
  }),

  route('get', '/merges', {
    summary: 'List the last merges, the newest first',
    needs: 'leads:read',
    query: z.object({ record: Mergeable.default('contact'), kept: z.uuid().optional() }),
    reply: z.object({ items: z.array(Merge) }),
    run: async ({ query: { record, kept } }, scope) => ({
      items: await listMerges(scope, { record, ...(kept && { keptId: kept }) }),
    }),
  }),

  route('post', '/merges', {
    summary: 'Make two one: everything of the merged one is the other’s from now on',
    needs: 'leads:write',
    body: MergeWish,
    reply: z.object({ merge: Merge }),
    status: () => 201,
    run: async ({ body }, scope) => ({ merge: await mergeRecords(scope, body) }),
  }),

  route('post', '/merges/:id/undo', {
    summary: 'Make two of one again; what was added since stays with the one that was kept',
    needs: 'leads:write',
    params: z.object({ id: z.uuid() }),
    reply: z.object({ undone: z.literal(true), stopped: z.int() }),
    run: async ({ params }, scope) => ({
      undone: true as const,
      ...(await undoMerge(scope, params.id)),
    }),
  }),
];
