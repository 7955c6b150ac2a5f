import { expect } from 'vitest';
import { duplicateActivities } from '#activities/duplicates.ts';
import { addContact } from '#db/contact-records.ts';
import { lastScan, startScan } from '#db/duplicate-scans.ts';
import { test } from '#tests/db.ts';
import { running } from '#tests/temporal.ts';
import { scanDuplicates } from './scan-duplicates.ts';

test('a search for duplicates ends though its worker is killed after a batch', async ({
  db,
  who,
  inside,
}) => {
  const { id } = await inside(async (scope) => {
    for (const at of [0, 1]) {
      const name = { firstName: 'Dana', lastName: 'Whitfield', city: 'Mesa', region: 'AZ' };
      await addContact(scope, { ...name, email: `dana.whitfield@firm${at}.example` });
    }
    return startScan(scope, 'contact');
  });
  let killed = 0;
  function beat(): void {
    killed += 1;
    if (killed === 1) throw new Error('killed');
  }
  const one = { workspaceId: who.workspaceId, scanId: id };
  await running(scanDuplicates, [one], duplicateActivities({ db, beat }), (run) => run.result());
  expect(await inside((scope) => lastScan(scope, 'contact'))).toMatchObject({
    ...{ status: 'done', done: 2, found: 1 },
  });
});
