import { expect } from 'vitest';
import { importActivities } from '#activities/imports.ts';
import type { Import } from '#domain/import.ts';
import { test as base } from '#tests/db.ts';

const test = base.extend('upload', ({ serve }) => {
  return async function upload(text: string, fields: Record<string, string> = {}): Promise<Import> {
    const form = new FormData();
    form.set('file', new Blob([text]), 'leads.csv');
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    const headers = { authorization: `Bearer ${await serve.token()}` };
    const response = await fetch(`${serve.url}/api/imports`, {
      method: 'POST',
      body: form,
      headers,
    });
    expect(response.status).toBe(202);
    return (await response.json()) as Import;
  };
});

const leads = 'Who,Reach\nAnn Lee,ann@acme.example\nBob Ray,nowhere\n';

test('a person corrects the mapping, starts the import, and puts a rejected row right', async ({
  serve,
  upload,
  db,
  who,
}) => {
  const { id } = await upload(leads);
  const mapping = { Who: 'name', Reach: 'email' };
  const wrong = { mapping: { Who: 'email', Reach: 'email' } };
  expect(await serve.post(`/api/imports/${id}/start`, wrong)).toMatchObject({ status: 422 });
  const started = await serve.post(`/api/imports/${id}/start`, {
    mapping,
    options: { tags: ['hot'] },
  });
  expect(started).toMatchObject({ status: 202, body: { status: 'running', mapping } });
  expect(await serve.post(`/api/imports/${id}/start`, {})).toMatchObject({ status: 409 });

  const one = { workspaceId: who.workspaceId, importId: id };
  const activities = importActivities({ db, blobs: serve.deps.blobs, beat: () => {} });
  expect(await activities.importChunk(one)).toBe('read');
  expect(await activities.finishImport({ ...one, isLast: false })).toBe(true);
  const done = { status: 'done', rows: 2, created: 1, matched: 0, rejected: 1 };
  expect(await serve.get(`/api/imports/${id}`)).toMatchObject({ body: done });

  const rejected = await serve.get(`/api/imports/${id}/rows?outcome=rejected`);
  expect(rejected.body).toMatchObject({
    items: [{ line: 3, field: 'email', values: ['Bob Ray', 'nowhere'] }],
    next: null,
  });
  function mend(Reach: string) {
    return serve.post(`/api/imports/${id}/rows/3`, { values: { Who: 'Bob Ray', Reach } });
  }
  expect(await mend('still nowhere')).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'email' }] },
  });
  expect(await mend('bob@ray.example')).toMatchObject({
    status: 200,
    body: { outcome: 'created' },
  });
  expect(await mend('bob@ray.example')).toMatchObject({ status: 409 });
  expect(await serve.get(`/api/imports/${id}`)).toMatchObject({
    body: { created: 2, rejected: 0, rows: 2 },
  });
});

test('an import that nobody wants is cancelled, and its file is gone', async ({
  serve,
  upload,
  db,
  who,
}) => {
  const { id } = await upload(leads);
  expect(await serve.post(`/api/imports/${id}/cancel`)).toMatchObject({
    body: { status: 'cancelled' },
  });
  expect(await serve.post(`/api/imports/${id}/cancel`)).toMatchObject({ status: 409 });
  const { blob } = await db
    .selectFrom('imports')
    .select('blob')
    .where('id', '=', id)
    .where('workspaceId', '=', who.workspaceId)
    .executeTakeFirstOrThrow();
  await expect(serve.deps.blobs.read(blob)).rejects.toThrow('ENOENT');
});

test('lines are listed page by page, in their order', async ({ serve, upload, db, who }) => {
  const rows = Array.from({ length: 5 }, (_, n) => `n${n}@firm.example`);
  const { id } = await upload(`Email\n${rows.join('\n')}\n`, { start: 'true' });
  const activities = importActivities({ db, blobs: serve.deps.blobs, beat: () => {} });
  await activities.importChunk({ workspaceId: who.workspaceId, importId: id });
  async function page(cursor = '') {
    return (await serve.get(`/api/imports/${id}/rows?limit=3${cursor}`)).body as {
      items: { line: number }[];
      next: string;
    };
  }
  const first = await page();
  expect(first.items.map(({ line }) => line)).toEqual([2, 3, 4]);
  expect((await page(`&cursor=${first.next}`)).items.map(({ line }) => line)).toEqual([5, 6]);
});

test('nobody is enrolled by an import unless it was ticked with a sequence', async ({
  serve,
  upload,
}) => {
  const { id } = await upload('Email\nann@acme.example\n');
  const ticked = await serve.post(`/api/imports/${id}/start`, { options: { enrol: true } });
  expect(ticked).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'options.sequenceId' }] },
  });
});
