import { expect } from 'vitest';
import { stringify } from 'yaml';
import { largeDeal, listed, published, test } from '#tests/rules.ts';

test('a rule is written as YAML or as a form, judges when it is published, and is deleted', async ({
  serve,
  deals,
}) => {
  expect(deals).toHaveLength(3);
  const made = await serve.post('/api/rules', { text: stringify(largeDeal) });
  expect(made).toMatchObject({ status: 201, body: { id: 'large_deal' } });
  expect(await listed(serve, 'large_deal')).toMatchObject({
    ...{ isCustom: true, hasDraft: true, enabled: false, fires: null },
  });
  expect((await serve.post('/api/rules/large_deal/publish')).body).toEqual({ version: 1 });
  expect(await listed(serve, 'large_deal')).toMatchObject({
    fires: 2,
    hasDraft: false,
    version: 1,
  });
  expect((await serve.post('/api/rules', { rule: largeDeal })).status).toBe(409);
  expect((await serve.del('/api/rules/large_deal')).status).toBe(200);
  expect(await listed(serve, 'large_deal')).toBeUndefined();
  const ours = await serve.del('/api/rules/deal_missing_owner');
  expect(ours.status).toBe(409);
});

test('a mistake in a rule is told with its line, and nothing is kept', async ({ serve }) => {
  const text = stringify(largeDeal).replace('greater_than', 'larger_than');
  const refused = await serve.post('/api/rules', { text });
  const line = text.split('\n').findIndex((one) => one.includes('larger_than')) + 1;
  expect(refused.status).toBe(400);
  expect(refused.body).toMatchObject({ errors: [{ line }] });
  expect((refused.body as { title: string }).title).toContain(`Line ${line}:`);
  for (const text of [
    '{',
    'a: [',
    'id: x',
    `${'- '.repeat(60)}a`,
    '{'.repeat(9000),
    'a: &a [*a]',
    '',
    'not: '.repeat(9),
  ])
    expect((await serve.post('/api/rules', { text })).status, text.slice(0, 20)).toBe(400);
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefghi'.split('').map((to, index) => {
      const from = 'abcdefgh'[index];
      return `${to}: &${to} [${Array.from({ length: 9 }, () => `*${from}`).join(',')}]`;
    }),
  ].join('\n');
  expect((await serve.post('/api/rules', { text: bomb })).status).toBe(400);
  expect((await serve.post('/api/rules', {})).status).toBe(400);
  expect((await serve.post('/api/rules', { text: 'x'.repeat(30_000) })).status).toBe(422);
  expect(await listed(serve, 'large_deal')).toBeUndefined();
});

test('a rule that is nested or compares too much is refused', async ({ serve }) => {
  const leaf = { field: 'amountCents', operator: 'greater_than', value: { threshold: 'size' } };
  const deep = Array.from({ length: 6 }).reduce<object>((all) => ({ not: all }), leaf);
  const refused = await serve.post('/api/rules', { rule: { ...largeDeal, condition: deep } });
  expect(refused).toMatchObject({ status: 400, body: { errors: [{ field: 'condition' }] } });
  const twenty = { all_of: Array.from({ length: 20 }, () => leaf) };
  const wide = { any_of: [twenty, twenty, twenty] };
  expect((await serve.post('/api/rules', { rule: { ...largeDeal, condition: wide } })).status).toBe(
    400,
  );
});

test('a draft is kept with its mistakes, and another’s is not written over', async ({ serve }) => {
  await published(serve);
  const path = '/api/rules/large_deal/draft';
  const saved = await serve.put(path, { text: 'id: large_deal\n', rev: 1 });
  expect(saved.status).toBe(200);
  expect((saved.body as { faults: object[] }).faults.length).toBeGreaterThan(0);
  const late = await serve.put(path, { rule: largeDeal, rev: 1 });
  expect(late).toMatchObject({ status: 409 });
  const shown = (await serve.get('/api/rules/large_deal')).body as {
    draft: { rev: number };
    text: string;
  };
  expect(shown).toMatchObject({ draft: { text: 'id: large_deal\n', rev: 2 }, enabled: true });
  expect((await serve.post('/api/rules/large_deal/publish')).status).toBe(400);
  const renamed = await serve.put(path, { rule: { ...largeDeal, id: 'other' }, rev: 2 });
  expect(renamed.body).toMatchObject({ faults: [{ path: 'id', line: 1 }] });
  expect((await serve.del(path)).status).toBe(200);
  expect((await serve.get('/api/rules/large_deal')).body).toMatchObject({
    draft: null,
    enabled: true,
  });
  expect((await serve.del(path)).status).toBe(404);
});

test('a rule whose own examples do not hold is not published', async ({ serve }) => {
  const examples = [{ title: 'a small one', facts: { amountCents: 5 }, fires: true }];
  await serve.post('/api/rules', { rule: { ...largeDeal, examples } });
  const refused = await serve.post('/api/rules/large_deal/publish');
  expect(refused).toMatchObject({ status: 422, body: { errors: [{ field: 'examples' }] } });
});
