import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'vitest';
import { importActivities } from '#activities/imports.ts';
import { createImport, getImport, startImport } from '#db/imports.ts';
import { diskBlobs } from '#integrations/blobs/disk.ts';
import { lookAt } from '#integrations/files/table.ts';
import { test } from '#tests/db.ts';
import { running } from '#tests/temporal.ts';
import { importLeads } from './import-leads.ts';

test('an import runs to its end though its worker is killed after each transaction', async ({
  db,
  who,
  inside,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'throughline-import-'));
  const blobs = diskBlobs(folder);
  const rows = Array.from({ length: 1200 }, (_, n) => `p${n}@firm${n}.example`);
  const file = Readable.from([Buffer.from(`Email\n${rows.join('\n')}\n`)]);
  const { start: cursor, columns, ...table } = await lookAt(blobs, await blobs.put(file));
  const described = columns.map((column) => ({ ...column, confidence: 1, because: '' }));
  const mapping = { Email: 'email' };
  const given = { ...table, fileName: 'a.csv', columns: described, mapping, cursor };
  const { id } = await inside((scope) => createImport(scope, given));
  await inside((scope) => startImport(scope, id, { mapping, options: {} }));
  let killed = 0;
  function beat(): void {
    killed += 1;
    if (killed < 3) throw new Error('killed');
  }
  const one = { workspaceId: who.workspaceId, importId: id };
  await running(importLeads, [one], importActivities({ db, blobs, beat }), (run) => run.result());
  expect(await inside((scope) => getImport(scope, id))).toMatchObject({
    ...{ status: 'done', rows: 1200, created: 1200, matched: 0, rejected: 0 },
  });
  expect(killed).toBe(3);
  await expect(blobs.read(table.blob)).rejects.toThrow('ENOENT');
  await rm(folder, { recursive: true });
});
