import type { Request, Response } from 'express';
import { Router } from 'express';
import { z } from 'zod';
import { createFileAnalysis } from '#db/analyses.ts';
import { removeWaiting } from '#db/analysis-changes.ts';
import { getReview, keepFile } from '#db/reviews.ts';
import { inWorkspace, type Scope } from '#db/scope.ts';
import { Refusal } from '#domain/refusal.ts';
import { isSettled, unsettled } from '#rules/deal-columns.ts';
import { described, MOST, type Reached, saidInTwoWords } from './analysis-upload.ts';
import { receiveFile } from './form.ts';
import { identify } from './identify.ts';

/** Files that are dropped for the next run of a review; only the newest waits. */
export function reviewDropRouter(deps: Reached): Router {
  const { db, blobs } = deps;
  const router = Router();

  router.post('/api/reviews/:id/drop', async (request: Request, response: Response) => {
    const caller = await identify(deps, request, 'reviews:write');
    const { id } = z.object({ id: z.uuid() }).parse(request.params);
    await inWorkspace(db, caller, (scope) => getReview(scope, id));
    const { upload, fileName: said } = await receiveFile(request, blobs, MOST);
    const fileName = said || 'deals.csv';
    const kept = { key: upload.key };
    const old = await keep().catch(async (error: unknown) => {
      await blobs.remove(kept.key);
      throw error;
    });
    for (const key of old) await blobs.remove(key);
    response.status(202).json({ fileName, bytes: upload.bytes });

    async function keep(): Promise<string[]> {
      const { file } = await described(deps, caller, upload);
      kept.key = file.blob;
      refuseUnsettled(file);
      return inWorkspace(db, caller, async (scope) => wait(scope, file));
    }

    async function wait(
      scope: Scope,
      file: Awaited<ReturnType<typeof described>>['file'],
    ): Promise<string[]> {
      const { name } = await getReview(scope, id, true);
      const { blob, bytes } = file;
      const old = await removeWaiting(scope, id);
      await keepFile(scope, id, { blob, fileName, bytes, at: deps.now() });
      const series = `review:${id}`;
      await createFileAnalysis(scope, { ...file, name, fileName, series, reviewId: id });
      return old;
    }
  });
  router.use('/api/reviews/:id/drop', saidInTwoWords);
  return router;
}

/** Nobody is there to be asked when a review runs: how a file is read must be known when it is dropped. */
function refuseUnsettled(file: Awaited<ReturnType<typeof described>>['file']): void {
  const { columns, mapping, options } = file;
  if (isSettled(columns, mapping, options)) return;
  const open = unsettled(columns, mapping, options).map(({ column }) => ({
    field: `options.formats.${column}`,
    message: `Nobody has said how “${column}” is written.`,
  }));
  const message = 'Review this file by hand once and remember its columns, then drop it here.';
  throw new Refusal('invalid', message, open.length > 0 ? open : [{ field: 'file', message }]);
}
