import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express, { type ErrorRequestHandler } from 'express';
import { ZodError } from 'zod';
import { expect } from 'vitest';
import { importActivities } from '#activities/imports.ts';
import { getImport } from '#db/imports.ts';
import type { Import } from '#domain/import.ts';
import { reasons, type Refusal } from '#domain/refusal.ts';
import { diskBlobs } from '#integrations/blobs/disk.ts';
import { test as base } from '#tests/db.ts';
import type { Deps } from './deps.ts';
import { uploadRouter } from './uploads.ts';

const signedIn = { cookie: 'session' };

const test = base
  .extend('folder', async ({}, { onCleanup }) => {
    const folder = await mkdtemp(join(tmpdir(), 'throughline-uploads-'));
    onCleanup(() => rm(folder, { recursive: true, force: true }));
    return folder;
  })
  .extend('port', async ({ db, who, folder }, { onCleanup }) => {
    const inWords: ErrorRequestHandler = (error: Refusal, _, response, _next) => {
      const status = error instanceof ZodError ? 422 : (reasons[error.reason] ?? 500);
      response.status(status).json({ title: error.message });
    };
    await db
      .insertInto('members')
      .values({
        ...{ workspaceId: who.workspaceId, userId: who.workspaceId, role: 'manager' },
        name: 'Mo',
        email: 'mo@firm.example',
      })
      .execute();
    const auth = { userOf: () => Promise.resolve({ id: who.workspaceId }) };
    const deps = { db, blobs: diskBlobs(folder), auth: auth as unknown as Deps['auth'] };
    const server = express().use(uploadRouter(deps)).use(inWords).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onCleanup(() => void server.close());
    return (server.address() as AddressInfo).port;
  })
  .extend('upload', ({ port }) => {
    return async function upload(text: string | Blob, fields: Record<string, string> = {}) {
      const form = new FormData();
      form.set('file', typeof text === 'string' ? new Blob([text]) : text, 'leads.csv');
      for (const [name, value] of Object.entries(fields)) form.set(name, value);
      const url = `http://127.0.0.1:${port}/api/imports`;
      const response = await fetch(url, { method: 'POST', body: form, headers: signedIn });
      return {
        status: response.status,
        body: (await response.json()) as Import & { title: string },
      };
    };
  })
  .extend('filesIn', ({ folder }) => {
    return async function filesIn() {
      const names = await readdir(folder, { recursive: true });
      return names.filter((name) => name.includes('/'));
    };
  });

const leads =
  'E-mail;Firma;Notizen\r\nann@acme.example;Acme;=1+1\r\nnobody;Beta;+1 602 555 0142\r\n';

test('an upload is looked at, and waits for its mapping', async ({ upload }) => {
  const { status, body } = await upload(leads);
  expect(status).toBe(202);
  expect(body).toMatchObject({
    ...{ status: 'mapping', fileName: 'leads.csv', delimiter: ';', encoding: 'utf-8', rows: 0 },
    mapping: { 'E-mail': 'email', Firma: 'company', Notizen: 'notes' },
  });
  expect(body.columns[0]).toEqual({
    ...{ name: 'E-mail', field: 'email', confidence: 1, because: 'It is called so.' },
    samples: ['ann@acme.example', 'nobody'],
  });
});

test('an upload that shall start at once does, in one call', async ({ upload, db, inside }) => {
  const { body } = await upload(leads, { start: 'true', campaign: 'Spring', tags: 'hot, west' });
  expect(body).toMatchObject({
    status: 'running',
    options: { campaign: 'Spring', tags: ['hot', 'west'] },
  });
  const promised = await db.selectFrom('outbox').select(['workflow', 'workflowId']).execute();
  expect(promised).toContainEqual({ workflow: 'importLeads', workflowId: `import:${body.id}` });
  expect(await inside((scope) => getImport(scope, body.id))).toMatchObject({ status: 'running' });
});

test('what became of each line can be downloaded, and no cell of it is run', async ({
  upload,
  folder,
  port,
  db,
  who,
}) => {
  const { body } = await upload(leads, { start: 'true' });
  const given = { workspaceId: who.workspaceId, importId: body.id };
  await importActivities({ db, blobs: diskBlobs(folder), beat: () => {} }).importChunk(given);
  const response = await fetch(
    `http://127.0.0.1:${port}/api/imports/${body.id}/rows.csv?outcome=rejected`,
    { headers: signedIn },
  );
  expect(response.headers.get('content-disposition')).toBe('attachment; filename=rejected.csv');
  expect(await response.text()).toBe(
    [
      'line,outcome,lead,reason,E-mail,Firma,Notizen',
      '3,rejected,,email: This is not an address that mail can be delivered to.,nobody,Beta,+1 602 555 0142',
      '',
    ].join('\n'),
  );
});

test('what is no table, no form or no file is refused, and nothing of it stays', async ({
  upload,
  port,
  filesIn,
  db,
  who,
}) => {
  expect(await upload('')).toMatchObject({ status: 422, body: { title: 'The file is empty.' } });
  const mapping = JSON.stringify({ Nothing: 'email' });
  expect(await upload(leads, { start: 'true', mapping })).toMatchObject({ status: 422 });
  expect(await upload(leads, { mapping: '{' })).toMatchObject({ status: 422 });
  expect(await upload(leads, { start: 'true', enrol: 'true' })).toMatchObject({ status: 422 });
  const url = `http://127.0.0.1:${port}/api/imports`;
  const plain = await fetch(url, { method: 'POST', body: 'a,b', headers: signedIn });
  expect(plain.status).toBe(400);
  const headers = { ...signedIn, 'content-type': 'multipart/form-data; boundary=x' };
  const broken = await fetch(url, { method: 'POST', headers, body: '--x\r\nnonsense' });
  expect(broken.status).toBe(400);
  expect(await filesIn()).toEqual([]);
  const promised = await db
    .selectFrom('outbox')
    .select('workflow')
    .where('workspaceId', '=', who.workspaceId)
    .execute();
  expect(promised).toEqual([]);
});

test('an upload that breaks off leaves nothing', async ({ port, filesIn, folder }) => {
  const socket = connect(port, '127.0.0.1');
  const head = [
    'POST /api/imports HTTP/1.1',
    'Host: x',
    'Cookie: session',
    'Content-Type: multipart/form-data; boundary=x',
    'Content-Length: 1000000',
    '',
    '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nemail\n',
  ];
  socket.write(head.join('\r\n'));
  await expect.poll(() => readdir(folder, { recursive: true })).not.toEqual([]);
  socket.destroy();
  await expect.poll(filesIn).toEqual([]);
});
