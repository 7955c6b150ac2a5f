import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'vitest';
import { createImport, cancelImport, getImport, startImport } from '#db/imports.ts';
import { listRows } from '#db/import-rows.ts';
import { receiveLeads } from '#db/leads.ts';
import type { Scope } from '#db/scope.ts';
import { diskBlobs } from '#integrations/blobs/disk.ts';
import { lookAt } from '#integrations/files/table.ts';
import { proposeMapping } from '#rules/field-mappings.ts';
import { test as base } from '#tests/db.ts';
import { importActivities } from './imports.ts';

const test = base.extend('file', async ({ inside, db, who }, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'throughline-import-'));
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  const blobs = diskBlobs(folder);
  async function arrive(text: string): Promise<string> {
    const { start, columns, ...table } = await lookAt(
      blobs,
      await blobs.put(Readable.from([Buffer.from(text)])),
    );
    const names = columns.map(({ name }) => name);
    const proposals = proposeMapping(
      names,
      columns.map(({ samples }) => samples),
    );
    const described = columns.map((column, index) => ({ ...column, ...proposals[index]! }));
    const mapping = Object.fromEntries(
      proposals.flatMap(({ column, field }) => (field ? [[column, field]] : [])),
    );
    const given = { ...table, fileName: 'leads.csv', columns: described, mapping, cursor: start };
    const { id } = await inside((scope) => createImport(scope, given));
    await inside((scope) => startImport(scope, id, { mapping, options: {} }));
    return id;
  }
  const one = { workspaceId: who.workspaceId };
  function chunk(importId: string, beat = () => {}) {
    return importActivities({ db, blobs, beat }).importChunk({ ...one, importId });
  }
  function finish(importId: string) {
    return importActivities({ db, blobs }).finishImport({ ...one, importId, isLast: true });
  }
  return { arrive, chunk, finish };
});

function promised({ db }: Scope) {
  return db.selectFrom('outbox').select('input').where('kind', '=', 'gather').execute();
}

function crowd(count: number, from = 0): string {
  const rows = Array.from(
    { length: count },
    (_, n) => `Ann,Lee ${n + from},ann${n + from}@firm${n + from}.example`,
  );
  return `First name,Last name,Email\n${rows.join('\n')}\n`;
}

test('a file of leads comes in, and each line says what became of it', async ({ file, inside }) => {
  const text = [
    'First name;Last name;E-mail;Phone',
    'Ann;Lee;ann@acme.example;(602) 555-0142',
    'Bob;Ray;not an address;',
    '',
    'Ann;Lee;ANN@acme.example;',
    '"Cy;Moe;cy@moe.example;',
    'Di;Fox;di@fox.example;602-555-0143;extra',
  ].join('\n');
  const id = await file.arrive(text);
  expect(await file.chunk(id)).toBe('read');
  const found = await inside((scope) => getImport(scope, id));
  expect(found).toMatchObject({ rows: 5, created: 1, matched: 1, rejected: 3 });
  const rows = await inside((scope) => listRows(scope, id, { limit: 10 }));
  expect(rows.map(({ line, outcome, reason }) => [line, outcome, reason])).toEqual([
    [2, 'created', null],
    [3, 'rejected', 'email: This is not an address that mail can be delivered to.'],
    [5, 'matched', null],
    [6, 'rejected', 'The quote that opens in column 1 is never closed.'],
    [7, 'rejected', 'The row has 5 values where the header has 4.'],
  ]);
});

test('those that a file brings go through intake once each, when it has been read', async ({
  file,
  inside,
}) => {
  const known = { email: 'known@acme.example', company: 'Acme' };
  await inside((scope) => receiveLeads(scope, [known, { ...known, email: 'old@acme.example' }]));
  await inside(({ db }) => db.deleteFrom('outbox').execute());
  const text = [
    'Email,Phone',
    ...['new@acme.example,', 'new@acme.example,', 'nobody,'],
    ...['known@acme.example,602-555-0142', 'old@acme.example,'],
  ].join('\n');
  const id = await file.arrive(text);
  expect(await file.chunk(id)).toBe('read');
  expect(await inside(promised)).toEqual([]);
  await file.finish(id);
  await file.finish(id);
  const [created, , , better] = await inside((scope) => listRows(scope, id, { limit: 10 }));
  expect(await inside(promised)).toEqual(
    [created!.leadId, better!.leadId].map((leadId) => ({ input: JSON.stringify(leadId) })),
  );
});

test('what a cancelled import had brought goes through intake', async ({ file, inside }) => {
  const id = await file.arrive(crowd(3));
  await file.chunk(id);
  await inside((scope) => cancelImport(scope, id));
  expect(await inside(promised)).toHaveLength(3);
});

test('a worker that dies between two commits leaves no row out and takes none twice', async ({
  file,
  inside,
}) => {
  const id = await file.arrive(crowd(2300));
  let beats = 0;
  function dies(): void {
    beats += 1;
    throw new Error('killed');
  }
  for (let died = true; died;) {
    died = await file.chunk(id, dies).then(
      (is) => is !== 'read',
      () => true,
    );
  }
  expect(beats).toBe(5);
  expect(await inside((scope) => getImport(scope, id))).toMatchObject({
    rows: 2300,
    created: 2300,
  });
  expect(
    await inside(({ db }) => db.selectFrom('importRows').select('line').execute()),
  ).toHaveLength(2300);
});

test('two workers that read the same rows at once take them once', async ({ file, inside }) => {
  const id = await file.arrive(crowd(1200));
  for (let read = false; !read;) {
    const both = await Promise.all([file.chunk(id), file.chunk(id)]);
    read = both.includes('read');
  }
  expect(await inside((scope) => getImport(scope, id))).toMatchObject({
    rows: 1200,
    created: 1200,
    matched: 0,
  });
});

test('an import that is cancelled stops at its next transaction', async ({ file, inside }) => {
  const id = await file.arrive(crowd(3000));
  let cancelled: Promise<unknown> | undefined;
  await file.chunk(id, () => void (cancelled ??= inside((scope) => cancelImport(scope, id))));
  await cancelled;
  expect(await file.chunk(id)).toBe('over');
  const { rows, status } = await inside((scope) => getImport(scope, id));
  expect(status).toBe('cancelled');
  expect(rows).toBeLessThan(3000);
});

test('imports of one workspace take turns, and one that stands still holds up nobody', async ({
  file,
  inside,
}) => {
  const [first, second] = [await file.arrive(crowd(1)), await file.arrive(crowd(1, 1))];
  expect(await file.chunk(second)).toBe('waits');
  await inside(({ db }) =>
    db
      .updateTable('imports')
      .set({ movedAt: '2026-01-01T00:00:00Z' })
      .where('id', '=', first)
      .execute(),
  );
  expect(await file.chunk(second)).toBe('read');
});
