import type { ErrorRequestHandler, Request, Response } from 'express';
import { Router } from 'express';
import { z } from 'zod';
import { createFileAnalysis, getAnalysis, type NewFile } from '#db/analyses.ts';
import { rememberedColumns, signatureOf } from '#db/analysis-columns.ts';
import { inWorkspace } from '#db/scope.ts';
import { Refusal } from '#domain/refusal.ts';
import { survey } from '#integrations/files/survey.ts';
import { lookAt } from '#integrations/files/table.ts';
import { isDealHeader } from '#rules/deal-fields.ts';
import { describeColumns, isSettled, proposedBy } from '#rules/deal-columns.ts';
import { begin } from './analyze.ts';
import type { Deps } from './deps.ts';
import { problemOf, sendProblem } from './errors.ts';
import { receiveFile } from './form.ts';
import { identify } from './identify.ts';
import { guessed } from './model-columns.ts';

export const MOST = { most: 1024 ** 3, inWords: '1 GB' };
const Said = z.object({ name: z.string().trim().min(1).max(200).optional() });
const Query = z.object({ start: z.stringbool().default(false) });

export type Reached = Pick<Deps, 'db' | 'auth' | 'blobs' | 'outbound' | 'encryptionKey' | 'now'>;

/** Files of deals in; they are streams and no JSON. */
export function analysisUploadRouter(deps: Reached): Router {
  const { db, blobs } = deps;
  const router = Router();

  router.post('/api/analyze', async (request: Request, response: Response) => {
    const caller = await identify(deps, request, 'analyses:write');
    const { start } = Query.parse(request.query);
    const { upload, said, fileName } = await receiveFile(request, blobs, MOST);
    const kept = { key: upload.key };
    const found = await keep().catch(async (error: unknown) => {
      await blobs.remove(kept.key);
      throw error;
    });
    response.status(202).json(found);

    async function keep() {
      const { name = fileName || 'Deals' } = Said.parse(said);
      const { file, rows } = await described(deps, caller, upload);
      kept.key = file.blob;
      return inWorkspace(db, caller, async (scope) => {
        const given = { ...file, name, fileName: fileName || 'deals.csv' };
        const id = await createFileAnalysis(scope, given);
        const { columns, mapping, options } = file;
        if (start && isSettled(columns, mapping, options)) await begin(scope, id, {});
        const analysis = await getAnalysis(scope, id);
        return { ...analysis, ...(rows !== undefined && { rows }) };
      });
    }
  });
  router.use('/api/analyze', saidInTwoWords);
  return router;
}

/** What an upload is: how it is written, what its columns are taken for, and by which earlier file that is known. */
export async function described(
  deps: Reached,
  caller: { workspaceId: string; actor: string },
  upload: { key: string; bytes: number },
): Promise<{ file: Omit<NewFile, 'name' | 'fileName'>; rows: number | undefined }> {
  const { db, blobs } = deps;
  const table = await lookAt(blobs, upload, isDealHeader).catch(asFaultOfFile);
  const { columns, start: startsAt, ...written } = table;
  const names = columns.map(({ name }) => name);
  const looked = await survey(blobs, table, startsAt);
  const remembered = await inWorkspace(db, caller, (scope) => rememberedColumns(scope, names));
  const own = describeColumns(names, looked.columns);
  const all = remembered ? own : await guessed(deps, caller, own);
  const { mapping, options } = remembered ?? proposedBy(all);
  const file = {
    ...{ ...written, startsAt, columns: all, mapping, options },
    series: `file:${remembered?.name ?? signatureOf(names)}`,
    subject: { ...(remembered && { like: remembered.name, usedAt: remembered.usedAt }) },
  };
  return { file, rows: looked.isWhole ? looked.rows : undefined };
}

/** What is wrong with a file is wrong with the call: 400, and it names the field of the form. */
function asFaultOfFile(error: unknown): never {
  if (!(error instanceof Refusal)) throw error;
  const { message } = error;
  throw new Refusal('malformed', message, [{ field: 'file', message }]);
}

/** A problem as everywhere, which says in `error` and `field` too what is wrong with what was sent. */
export const saidInTwoWords: ErrorRequestHandler = (error: unknown, request, response, next) => {
  const problem = problemOf(error);
  if (problem.status >= 500 || response.headersSent) return next(error);
  if (!request.complete) response.set('Connection', 'close');
  const { field = 'file', message = problem.title } = problem.errors[0] ?? {};
  sendProblem(response, { ...problem, ...{ error: message, field } });
};
