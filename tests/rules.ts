import { expect } from 'vitest';
import { test as base } from './db.ts';
import { daysBefore, dealIn } from './risks.ts';
import { caller, type Calling } from './serve.ts';

const now = new Date().toISOString();

export interface Listed {
  id: string;
  enabled: boolean;
  severity: string;
  fires: number | null;
  isCustom: boolean;
  hasDraft: boolean;
  changed: object | null;
  thresholds: Record<string, { value: number }>;
  version: number;
}

/** A rule of people’s own: deals of more than $30,000. */
export const largeDeal = {
  ...{ id: 'large_deal', name: 'Large deal', category: 'CUSTOM', severity: 'CRITICAL' },
  description: 'A deal that is large.',
  condition: { field: 'amountCents', operator: 'greater_than', value: { threshold: 'size' } },
  thresholds: { size: { value: 3_000_000, unit: 'cents', label: 'Size', least: 0 } },
  ...{ message: '{{amountCents}} is large', remediation_action: 'Look at it' },
  ...{ remediation_owner: 'manager', automatable: false },
  examples: [
    { title: 'a large one', facts: { amountCents: 3_000_001 }, fires: true },
    { title: 'just not', facts: { amountCents: 3_000_000 }, fires: false },
  ],
};

/** A workspace with three open deals: one for each amount. */
export const test = base.extend('deals', async ({ inside }) =>
  inside(async (scope) => {
    const far = { expectedCloseOn: '2031-01-15', createdAt: daysBefore(now, 3) };
    const ids = [];
    for (const [index, amountCents] of [900_000, 4_000_000, 9_000_000].entries())
      ids.push(
        await dealIn(scope, 'proposal', {
          ...{ ...far, amountCents, typedCents: amountCents, name: `Deal ${index}` },
        }),
      );
    return ids;
  }),
);

/** A rule as the list shows it. */
export async function listed(serve: Calling, id: string): Promise<Listed | undefined> {
  const { body } = await serve.get('/api/rules');
  return (body as { rules: Listed[] }).rules.find((rule) => rule.id === id);
}

/** Writes a rule and publishes it. */
export async function published(serve: Calling, rule: object = largeDeal): Promise<void> {
  expect((await serve.post('/api/rules', { rule })).status).toBe(201);
  const { id } = rule as { id: string };
  expect((await serve.post(`/api/rules/${id}/publish`)).status).toBe(200);
}

/** A system of the workspace that may do everything. */
export async function systemAt(
  { url, token }: Pick<Calling, 'url'> & { token(scopes?: never, at?: object): Promise<string> },
  workspaceId: string,
): Promise<Calling> {
  const secret = await token(undefined, { workspaceId, actor: 'rep' });
  return caller(url, { authorization: `Bearer ${secret}` });
}
