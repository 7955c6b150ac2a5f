import { expect } from 'vitest';
import { test } from '#tests/db.ts';
import { inWorkspace } from './scope.ts';
import { listSenders } from './senders.ts';
import { createWorkspace } from './workspaces.ts';

const owner = { id: 'ann', name: 'Ann Lee', email: 'ann@acme.example' };
const given = { name: 'Acme', timezone: 'UTC', currency: 'USD', defaultRegion: 'US' };

test('a new workspace writes from the address of the installation, where it has one', async ({
  db,
}) => {
  async function mailOf(...mail: Parameters<typeof createWorkspace>[3][]) {
    const { id } = await createWorkspace(db, owner, given, ...mail);
    const all = await inWorkspace(db, { workspaceId: id, actor: owner.id }, listSenders);
    return all.find(({ channel }) => channel === 'email');
  }
  expect(await mailOf()).toMatchObject({ provider: 'sandbox', address: 'ann@acme.example' });
  expect(await mailOf({ provider: 'smtp', address: 'sales@acme.example' })).toMatchObject({
    ...{ provider: 'smtp', address: 'sales@acme.example' },
  });
});
