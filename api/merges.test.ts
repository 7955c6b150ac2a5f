import { expect } from 'vitest';
import type { Duplicate } from '#domain/duplicate.ts';
import type { Merge, MergePreview } from '#domain/merge.ts';
import { addContact } from '#db/contact-records.ts';
import { scanBatch } from '#db/duplicate-scans.ts';
import { loadDuplicates } from '#rules/duplicates.ts';
import { test } from '#tests/db.ts';
import type { Scope } from '#db/scope.ts';

async function twoDanas(scope: Scope): Promise<[string, string]> {
  const name = { firstName: 'Dana', lastName: 'Whitfield', city: 'Mesa', region: 'AZ' };
  return [
    await addContact(scope, { ...name, email: 'dana.whitfield@one.example' }),
    await addContact(scope, { ...name, email: 'danawhitfield@two.example', title: 'Owner' }),
  ];
}

test('a merge queue finds likely duplicates, previews their merge, merges them and takes it back', async ({
  serve,
  inside,
}) => {
  const [keptId, mergedId] = await inside(twoDanas);
  const begun = await serve.post('/api/duplicates/scan', { record: 'contact' });
  expect(begun).toMatchObject({ status: 202, body: { scan: { total: 2, status: 'running' } } });
  const { id } = (begun.body as { scan: { id: string } }).scan;
  // What the worker does.
  await inside((scope) => scanBatch(scope, id, { settings: loadDuplicates() }));
  expect((await serve.get('/api/duplicates/scan?record=contact')).body).toMatchObject({
    scan: { status: 'done', done: 2, found: 1 },
  });
  const queue = await serve.get('/api/duplicates?record=contact');
  expect(queue.body).toMatchObject({
    items: [{ first: { id: keptId }, second: { id: mergedId, title: 'Owner' } }],
  });
  expect((await serve.get('/api/duplicates/counts')).body).toEqual({ contact: 1, company: 0 });
  const { prior, items } = queue.body as { prior: number; items: Duplicate[] };
  const bits = items[0]!.reasons.reduce((sum, { weight }) => sum + weight, prior);
  expect(1 / (1 + 2 ** -bits)).toBeCloseTo(items[0]!.score, 5);
  const which = `record=contact&kept=${keptId}&merged=${mergedId}`;
  const preview = (await serve.get(`/api/merges/preview?${which}`)).body as MergePreview;
  expect(preview.fields.find(({ field }) => field === 'title')).toMatchObject({
    ...{ kept: null, merged: 'Owner', value: 'Owner', chosen: 'merged' },
  });
  const wish = { record: 'contact', keptId, mergedId };
  const done = await serve.post('/api/merges', wish);
  expect(done).toMatchObject({ status: 201, body: { merge: { keptName: 'Dana Whitfield' } } });
  expect((await serve.get('/api/duplicates')).body).toMatchObject({ items: [] });
  expect((await serve.get('/api/duplicates/counts')).body).toEqual({ contact: 0, company: 0 });
  expect((await serve.get(`/api/contacts/${mergedId}`)).status).toBe(404);
  expect((await serve.post('/api/merges', wish)).status).toBe(409);
  const { merge } = done.body as { merge: Merge };
  expect((await serve.get('/api/merges')).body).toMatchObject({ items: [{ id: merge.id }] });
  expect((await serve.post(`/api/merges/${merge.id}/undo`)).body).toEqual({
    ...{ undone: true, stopped: 0 },
  });
  expect((await serve.get('/api/duplicates')).body).toMatchObject({ items: [{}] });
  expect((await serve.get(`/api/contacts/${keptId}`)).body).toMatchObject({
    contact: { title: null },
  });
});

test('two who are two are dismissed, and a field that is none is refused', async ({
  serve,
  inside,
}) => {
  const [keptId, mergedId] = await inside(twoDanas);
  const doubles = await serve.get(`/api/contacts/${keptId}/duplicates`);
  expect(doubles.body).toMatchObject({ items: [{ second: { id: mergedId } }] });
  const path = `/api/duplicates/${keptId}/${mergedId}/dismiss`;
  expect((await serve.post(path, { record: 'contact' })).status).toBe(404);
  const wish = { record: 'contact', keptId, mergedId, fields: { shoeSize: 'kept' } };
  expect(await serve.post('/api/merges', wish)).toMatchObject({
    ...{ status: 422, body: { errors: [{ field: 'fields.shoeSize' }] } },
  });
});
