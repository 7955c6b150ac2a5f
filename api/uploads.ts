import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router } from 'express';
import { z } from 'zod';
import { createImport, getImport } from '#db/imports.ts';
import { listRows } from '#db/import-rows.ts';
import { inWorkspace } from '#db/scope.ts';
import { type Import, ImportOptions, Mapping, RowOutcome } from '#domain/import.ts';
import type { Blobs } from '#integrations/blobs/blobs.ts';
import { exportedLine } from '#integrations/files/cell.ts';
import { lookAt } from '#integrations/files/table.ts';
import { isKnownHeader, proposeMapping } from '#rules/field-mappings.ts';
import type { Deps } from './deps.ts';
import { receiveFile } from './form.ts';
import { identify } from './identify.ts';
import { begin } from './imports.ts';

const MOST = { most: 1024 ** 3, inWords: '1 GB' };
const json = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue('This is not JSON.');
    return z.NEVER;
  }
});

/** What may be said beside the file; a form can only say it in text. */
const Fields = z.object({
  mapping: json.pipe(Mapping).optional(),
  start: z.stringbool().default(false),
  source: ImportOptions.shape.source,
  campaign: ImportOptions.shape.campaign,
  tags: z.string().optional(),
  sequenceId: ImportOptions.shape.sequenceId,
  enrol: z.stringbool().optional(),
});

/** Files in and out, which are streams and no JSON. */
export function uploadRouter(deps: Pick<Deps, 'db' | 'auth' | 'blobs'>): Router {
  const { db, blobs } = deps;
  const router = Router();

  router.post('/api/imports', async (request, response) => {
    const caller = await identify(deps, request, 'imports:write');
    const { fileName, upload, fields } = await received(request, blobs);
    const { mapping, start, tags, ...options } = fields;
    const table = await lookAt(blobs, upload, isKnownHeader).catch(async (error: unknown) => {
      await blobs.remove(upload.key);
      throw error;
    });
    const described = describe(table.columns);
    const { start: cursor, ...format } = table;
    const labels = tags?.split(',').map((tag) => tag.trim());
    const found = await inWorkspace(db, caller, async (scope) => {
      const proposed = mapping ?? proposedBy(described);
      const given = { ...format, fileName, cursor, columns: described, mapping: proposed };
      const { id } = await createImport(scope, given);
      const chosen = { ...options, ...(labels && { tags: labels.filter(Boolean) }) };
      return start ? begin(scope, id, { options: chosen }) : getImport(scope, id);
    }).catch(async (error: unknown) => {
      await blobs.remove(table.blob);
      throw error;
    });
    response.status(202).json(found);
  });

  router.get('/api/imports/:id/rows.csv', async (request, response) => {
    const caller = await identify(deps, request, 'imports:write');
    const { id } = z.object({ id: z.uuid() }).parse(request.params);
    const { outcome } = z.object({ outcome: RowOutcome.optional() }).parse(request.query);
    const { columns } = await inWorkspace(db, caller, (scope) => getImport(scope, id));
    response.attachment(`${outcome ?? 'rows'}.csv`).type('text/csv');
    await pipeline(Readable.from(linesOf(columns)), response);

    async function* linesOf(columns: Import['columns']): AsyncGenerator<string> {
      const names = columns.map(({ name }) => name);
      yield exportedLine(['line', 'outcome', 'lead', 'reason', ...names]);
      for (let after = 0; ;) {
        const page = { outcome, after, limit: 1000 };
        const rows = await inWorkspace(db, caller, (scope) => listRows(scope, id, page));
        for (const { line, outcome, leadId, reason, values } of rows) {
          const cells = names.map((_, index) => values?.[index] ?? '');
          yield exportedLine([String(line), outcome, leadId ?? '', reason ?? '', ...cells]);
        }
        if (rows.length < 1000) return;
        after = rows.at(-1)!.line;
      }
    }
  });
  return router;
}

function describe(columns: { name: string; samples: string[] }[]): Import['columns'] {
  const proposals = proposeMapping(
    columns.map(({ name }) => name),
    columns.map(({ samples }) => samples),
  );
  return columns.map((column, index) => {
    const { field, confidence, because } = proposals[index]!;
    return { ...column, ...(field && { field }), confidence, because };
  });
}

function proposedBy(columns: Import['columns']): Record<string, string> {
  return Object.fromEntries(columns.flatMap(({ name, field }) => (field ? [[name, field]] : [])));
}

/** The file, and what its form says beside it; one whose form says nonsense is not kept. */
async function received(request: IncomingMessage, blobs: Blobs) {
  const { upload, said, fileName } = await receiveFile(request, blobs, MOST);
  const fields = Fields.safeParse(said);
  if (fields.success) return { fileName: fileName || 'leads.csv', upload, fields: fields.data };
  await blobs.remove(upload.key);
  throw fields.error;
}
