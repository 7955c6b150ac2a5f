import { expect } from 'vitest';
import { seedWorkspace } from '#db/taxonomies.ts';
import { test } from '#tests/db.ts';
import { aLead } from '#tests/leads.ts';

interface Dashboard {
  leads: Record<'active' | 'qualified', { count: number }>;
  funnel: { steps: { name: string; count: number }[] };
}

test('a change of status, stage or tag of a lead is in the very next figures and lists', async ({
  serve,
  inside,
}) => {
  await inside(seedWorkspace);
  const id = await inside((scope) => aLead(scope));
  async function figures() {
    const { leads, funnel } = (await serve.get('/api/dashboard')).body as Dashboard;
    const steps = funnel.steps.map(({ name, count }) => `${name} ${count}`);
    return [leads.active.count, leads.qualified.count, steps.slice(0, 4).join(', ')];
  }
  expect(await figures()).toEqual([1, 0, 'new 1, contacted 0, qualified 0, open_deal 0']);
  const next = { nextAction: 'Call', nextActionAt: '2030-01-01T09:00:00Z' };
  await serve.patch(`/api/leads/${id}`, { status: 'qualified', stage: 'QUALIFIED', ...next });
  expect(await figures()).toEqual([1, 1, 'new 1, contacted 1, qualified 1, open_deal 0']);
  await serve.post(`/api/leads/${id}/tags`, { slug: 'callback' });
  const tagged = (await serve.get('/api/leads?tag=callback')).body as { items: object[] };
  expect(tagged.items).toHaveLength(1);
  expect((await serve.post(`/api/leads/${id}/convert`)).status).toBe(201);
  expect(await figures()).toEqual([0, 0, 'new 1, contacted 1, qualified 1, open_deal 1']);
});
