import { expect } from 'vitest';
import { inWorkspace } from '#db/scope.ts';
import { dealIn } from '#tests/risks.ts';
import { largeDeal, listed, published, systemAt, test } from '#tests/rules.ts';

test('a rule is switched off, sharpened and narrowed for a workspace, and taken back', async ({
  serve,
  deals,
}) => {
  expect(deals).toHaveLength(3);
  await published(serve);
  expect((await listed(serve, 'large_deal'))?.fires).toBe(2);
  const path = '/api/rules/large_deal/override';
  await serve.put(path, { severity: 'INFO', thresholds: { size: 8_000_000 } });
  expect(await listed(serve, 'large_deal')).toMatchObject({
    ...{ fires: 1, severity: 'INFO', thresholds: { size: { value: 8_000_000 } } },
    changed: { severity: 'INFO', thresholds: { size: 8_000_000 } },
  });
  await serve.put(path, { applies_to_stages: ['negotiation'] });
  expect((await listed(serve, 'large_deal'))?.fires).toBe(0);
  await serve.put(path, { enabled: false });
  expect(await listed(serve, 'large_deal')).toMatchObject({ fires: null, enabled: false });
  expect((await serve.del(path)).status).toBe(200);
  expect(await listed(serve, 'large_deal')).toMatchObject({ fires: 2, changed: null });
  expect((await serve.del(path)).status).toBe(404);
});

test('a threshold that the rule does not have, or out of its bounds, is refused by its name', async ({
  serve,
}) => {
  await published(serve);
  const path = '/api/rules/large_deal/override';
  const unknown = await serve.put(path, { thresholds: { weight: 3 } });
  expect(unknown).toMatchObject({
    ...{ status: 422, body: { errors: [{ field: 'thresholds.weight' }] } },
  });
  const below = await serve.put(path, { thresholds: { size: -1 } });
  expect(below).toMatchObject({
    ...{ status: 422, body: { errors: [{ field: 'thresholds.size' }] } },
  });
  expect((await serve.put('/api/rules/nothing/override', { enabled: false })).status).toBe(404);
});

test('what one person sets lies over what the workspace sets, for that person alone', async ({
  db,
  serve,
}) => {
  const ada = await serve.signedUp('Ada');
  await inWorkspace(db, { workspaceId: ada.workspaceId, actor: 'rep' }, (scope) =>
    dealIn(scope, 'proposal', { amountCents: 4_000_000, typedCents: 4_000_000 }),
  );
  await published(ada);
  const system = await systemAt(serve, ada.workspaceId);
  const path = '/api/rules/large_deal/override';
  expect((await system.put(path, { severity: 'WARNING' })).status).toBe(200);
  expect((await ada.put(path, { scope: 'user', enabled: false })).status).toBe(200);
  expect(await listed(ada, 'large_deal')).toMatchObject({ enabled: false, severity: 'WARNING' });
  expect(await listed(system, 'large_deal')).toMatchObject({ enabled: true, fires: 1 });
  expect((await system.put(path, { scope: 'user', enabled: false })).status).toBe(422);
  await ada.del(`${path}?scope=user`);
  expect(await listed(ada, 'large_deal')).toMatchObject({ enabled: true, severity: 'WARNING' });
});

test('a rule of one person is seen and run by nobody else', async ({ serve }) => {
  const ada = await serve.signedUp('Ada');
  const system = await systemAt(serve, ada.workspaceId);
  await ada.post('/api/rules', { rule: largeDeal, scope: 'user' });
  await ada.post('/api/rules/large_deal/publish');
  expect(await listed(ada, 'large_deal')).toMatchObject({ isCustom: true, enabled: true });
  expect(await listed(system, 'large_deal')).toBeUndefined();
  expect((await system.get('/api/rules/large_deal')).status).toBe(404);
  expect((await system.get('/api/rules/large_deal/versions/1')).status).toBe(404);
});
