import { expect } from 'vitest';
import { test } from '#tests/db.ts';
import { dealRow } from '#tests/records.ts';
import type { Person } from '#tests/serve.ts';

async function sent(person: Person, path: string, file?: Blob, name = 'quote.pdf') {
  const form = new FormData();
  if (file) form.set('file', file, name);
  const response = await fetch(`${person.url}${path}`, {
    ...{ method: 'POST', body: form, headers: { cookie: person.cookie } },
  });
  return { status: response.status, body: (await response.json()) as { id: string } };
}

async function company(person: Person): Promise<string> {
  const { body } = await person.post('/api/companies', { name: 'Acme' });
  return (body as { company: { id: string } }).company.id;
}

test('a file of any type is put on a record, listed, told of, and saved but never shown', async ({
  serve,
}) => {
  const me = await serve.signedUp();
  const id = await company(me);
  const on = `/api/attachments?record=company&id=${id}`;
  const page = new Blob(['<script>alert(1)</script>'], { type: 'text/html' });
  const made = await sent(me, on, page, '../../Angebot "März".html');
  expect(made).toMatchObject({
    status: 201,
    body: { fileName: 'Angebot März.html', mediaType: 'text/html', bytes: 25, recordId: id },
  });
  expect(JSON.stringify(made.body)).not.toContain('blob');
  expect((await me.get(on)).body).toMatchObject({ items: [{ id: made.body.id }] });
  const file = await me.get(`/api/attachments/${made.body.id}/file`);
  expect([file.status, file.body]).toEqual([200, '<script>alert(1)</script>']);
  expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename=.*M%C3%A4rz/);
  expect(file.headers.get('x-content-type-options')).toBe('nosniff');
  expect(file.headers.get('content-security-policy')).toContain("default-src 'none'");
  const { body: story } = await me.get(`/api/companies/${id}/timeline`);
  expect(story).toMatchObject({ items: [{ kind: 'attachment_added' }, {}] });
  expect((await me.del(`/api/attachments/${made.body.id}`)).status).toBe(200);
  expect((await me.get(`/api/attachments/${made.body.id}/file`)).status).toBe(404);
  expect((await me.get(on)).body).toMatchObject({ items: [] });
});

test('a file above 25 MB, none at all, and one for a record that is not there are refused', async ({
  serve,
}) => {
  const me = await serve.signedUp();
  const on = `/api/attachments?record=company&id=${await company(me)}`;
  const large = new Blob([new Uint8Array(25 * 1024 * 1024 + 1)]);
  expect((await sent(me, on, large)).status).toBe(413);
  expect((await sent(me, on)).status).toBe(422);
  expect((await sent(me, '/api/attachments?record=moon&id=1', new Blob(['x']))).status).toBe(422);
  const nowhere = `/api/attachments?record=deal&id=${crypto.randomUUID()}`;
  expect((await sent(me, nowhere, new Blob(['x']))).status).toBe(404);
  expect((await me.get(on)).body).toMatchObject({ items: [] });
});

test('a file of another workspace is not there', async ({ serve, inside }) => {
  const [me, stranger] = [await serve.signedUp(), await serve.signedUp('Bob Stone')];
  const made = await sent(
    me,
    `/api/attachments?record=company&id=${await company(me)}`,
    new Blob(['x']),
  );
  expect(made.status).toBe(201);
  expect((await stranger.get(`/api/attachments/${made.body.id}/file`)).status).toBe(404);
  expect((await stranger.del(`/api/attachments/${made.body.id}`)).status).toBe(404);
  const deal = await inside((scope) => dealRow(scope));
  const theirs = await sent(stranger, `/api/attachments?record=deal&id=${deal}`, new Blob(['x']));
  expect(theirs.status).toBe(404);
});
