import { pipeline } from 'node:stream/promises';
import { Router } from 'express';
import { z } from 'zod';
import {
  addAttachment,
  getAttachment,
  listAttachments,
  refuseNoHolder,
  removeAttachment,
} from '#db/attachments.ts';
import { inWorkspace } from '#db/scope.ts';
import { attachable, Attachment, fileNameOf, mediaTypeOf } from '#domain/attachment.ts';
import { pageOf } from '#domain/page.ts';
import type { Deps } from './deps.ts';
import { receiveFile } from './form.ts';
import { identify } from './identify.ts';
import { route } from './route.ts';

const Holder = z.object({ record: z.enum(attachable), id: z.uuid() });
const OneFile = z.object({ id: z.uuid() });
const MOST = { most: 25 * 1024 * 1024, inWords: '25 MB' };

export const attachmentRoutes = [
  route('get', '/attachments', {
    summary: 'List the files of a record, the newest first',
    needs: 'leads:read',
    query: Holder,
    reply: pageOf(Attachment),
    run: async ({ query }, scope) => ({ items: await listAttachments(scope, query), next: null }),
  }),

  route('delete', '/attachments/:id', {
    summary: 'Take a file off its record',
    needs: 'leads:write',
    params: OneFile,
    reply: z.object({ deleted: z.literal(true) }),
    run: async ({ params }, scope, { blobs }) => {
      await blobs.remove(await removeAttachment(scope, params.id));
      return { deleted: true as const };
    },
  }),
];

/** Files onto records and off them again, which are streams and no JSON. */
export function attachmentRouter(deps: Pick<Deps, 'db' | 'auth' | 'blobs'>): Router {
  const { db, blobs } = deps;
  const router = Router();

  router.post('/api/attachments', async (request, response) => {
    const caller = await identify(deps, request, 'leads:write');
    const holder = Holder.parse(request.query);
    await inWorkspace(db, caller, (scope) => refuseNoHolder(scope, holder));
    const { fileName, mediaType, upload } = await receiveFile(request, blobs, MOST);
    const file = {
      ...{ fileName: fileNameOf(fileName), mediaType: mediaTypeOf(mediaType) },
      ...{ bytes: upload.bytes, blob: upload.key },
    };
    const made = await inWorkspace(db, caller, (scope) => addAttachment(scope, holder, file)).catch(
      async (error: unknown) => {
        await blobs.remove(upload.key);
        throw error;
      },
    );
    response.status(201).json(Attachment.parse(made));
  });

  // Whatever somebody uploaded is saved and never shown: in a page of ours it could act as us.
  router.get('/api/attachments/:id/file', async (request, response) => {
    const caller = await identify(deps, request, 'leads:read');
    const { id } = OneFile.parse(request.params);
    const file = await inWorkspace(db, caller, (scope) => getAttachment(scope, id));
    const stream = await blobs.read(file.blob);
    response
      .attachment(file.fileName)
      .type(file.mediaType)
      .set('content-length', String(file.bytes))
      .set('x-content-type-options', 'nosniff')
      .set('cache-control', 'private, no-store');
    await pipeline(stream, response);
  });
  return router;
}
