import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assessAll } from '#db/risks.ts';
import { tellPipeline } from '#tests/pipeline-story.ts';
import { type Product, raiseProduct } from './product.ts';
import { open, openWindow, signIn } from './visitor.ts';

let product: Product;
let url: string;
let deals: Record<string, string>;

beforeAll(async () => {
  product = await raiseProduct();
  url = product.house.url;
  const { db } = product.house;
  const { workspaceId, open } = await tellPipeline(product.house);
  await assessAll(db, { workspaceId, now: new Date().toISOString() });
  deals = open;
}, 240_000);
afterAll(() => product.stop());

/** What somebody else does meanwhile. */
async function change(page: Page, name: string, data: object): Promise<void> {
  const path = `${url}/api/deals/${deals[name]}`;
  const answer = await page.request.patch(path, { data, headers: { origin: url } });
  expect(answer.status()).toBe(200);
}

test('a manager asks what changed since Monday, sees the deals behind it, and puts right what is left out', async () => {
  const page = await openWindow(product);
  await signIn(page, product);
  const [year, month] = [new Date().getFullYear(), new Date().getMonth()];
  const far = new Date(Date.UTC(year, month + 2, 9)).toISOString().slice(0, 10);
  await change(page, 'Tri-County Haulers', { expectedCloseOn: far });
  await change(page, 'Oakhurst Pharmacy', { probability: 90 });

  await open(page, 'Forecast');
  let loads = 0;
  page.on('load', () => (loads += 1));
  const moved = page.getByRole('region', { name: /^Why .* moved$/ });
  await moved.getByRole('link', { name: /^Pushed out Tri-County Haulers −\$38,880/ }).click();
  const behind = moved.getByRole('group', { name: 'Pushed out, the changes behind it' });
  await behind.getByRole('link', { name: 'Tri-County Haulers' }).waitFor();
  await behind.getByText(/→/).waitFor();
  await moved.getByRole('link', { name: /^More likely .*\+\$2,190/ }).waitFor();

  // Somebody else changes a deal: the figures follow without a reload.
  await change(page, 'Blue Mesa Plumbing', { amountCents: 46_400_00 });
  await moved.getByRole('link', { name: /^Amount up .*\+\$5,500/ }).waitFor();
  await moved.getByRole('link', { name: 'As a table' }).click();
  const rows = moved.getByRole('table', { name: /^What moved/ }).getByRole('row');
  await rows.filter({ hasText: 'Pushed out' }).getByText('−$38,880').first().waitFor();

  const adds = page.getByRole('region', { name: /adds up$/ });
  await adds.getByRole('link', { name: 'Bauer Cold Storage' }).waitFor();
  const left = page.getByRole('region', { name: 'Left out' });
  await left.getByRole('button', { name: 'Set date: Quill Harbor Ferries' }).click();
  const today = await page.getByLabel('Close date').getAttribute('min');
  await page.getByLabel('Close date').fill(today!);
  await page.keyboard.press('ControlOrMeta+Enter');
  await adds.getByRole('link', { name: 'Quill Harbor Ferries' }).waitFor();
  await left.getByText('Quill Harbor Ferries').waitFor({ state: 'hidden' });

  await adds.getByRole('button', { name: 'Leave out Bauer Cold Storage' }).click();
  await page.getByLabel('Why', { exact: true }).fill('Waits for a permit');
  await page.keyboard.press('ControlOrMeta+Enter');
  await left.getByText('Left out: Waits for a permit').waitFor();
  await left.getByRole('button', { name: 'Count it: Bauer Cold Storage' }).click();
  await adds.getByRole('link', { name: 'Bauer Cold Storage' }).waitFor();

  await page.getByRole('button', { name: /^Commit/ }).click();
  await page.getByLabel('Amount, USD').fill('150,000');
  await page.keyboard.press('ControlOrMeta+Enter');
  await adds.getByText(/last committed \$150,000/).waitFor();
  expect(loads).toBe(0);
  await page.context().close();
});

test('the dashboard leads to the lists behind its numbers, and an insight is acted on or put off with a reason', async () => {
  const page = await openWindow(product);
  await signIn(page, product);
  await page.goto(`${url}/dashboards/sales`);
  await page.getByRole('heading', { level: 1, name: 'Dashboard' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/dashboard');
  const insights = page.getByRole('region', { name: 'Insights' });
  const act = insights.getByRole('button', { name: /^Plan call: Deal 'Juniper Foods' stalled/ });
  await act.click();
  await page.getByText(/^Task: Follow up on Juniper Foods/).waitFor();
  await act.waitFor({ state: 'hidden' });
  const snooze = insights.getByRole('button', { name: /^Snooze: Deal 'Bauer Cold Storage' is l/ });
  await snooze.click();
  await page.getByLabel('Why', { exact: true }).fill('They decide next month');
  await page.keyboard.press('ControlOrMeta+Enter');
  await snooze.waitFor({ state: 'hidden' });

  await page.getByRole('button', { name: 'Year' }).click();
  await expect.poll(() => new URL(page.url()).search).toBe('?period=year');
  await page
    .getByRole('region', { name: 'Figures' })
    .getByRole('link', { name: /, Pipeline$/ })
    .click();
  await page.getByRole('heading', { level: 1, name: 'Deals' }).waitFor();
  await expect.poll(() => new URL(page.url()).searchParams.get('status')).toBe('open');
  await page.getByRole('link', { name: 'Bexley Waste' }).waitFor();
  await page.context().close();
});

test('a manager tries another threshold on the deals that were won and lost before it is published', async () => {
  const page = await openWindow(product);
  await signIn(page, product);
  await open(page, 'Insights');
  await page.getByRole('link', { name: 'How these are found' }).click();
  const silence = page.getByRole('group', { name: 'Silence' });
  await silence.getByLabel('Weight', { exact: true }).fill('50');
  await page.getByText('The weights come to 110%; they must come to 100%.').waitFor();
  const value = page.getByRole('group', { name: 'Time in the stage' });
  await value.getByLabel('Weight', { exact: true }).fill('15');
  await silence.getByLabel('Threshold', { exact: true }).fill('7');
  await page.getByText('3 changes not published').waitFor();
  await page.getByRole('button', { name: 'Backtest' }).click();
  const result = page.getByRole('status', { name: 'Result of the backtest' });
  await result.getByText('Lost deals flagged in time').waitFor();
  await result
    .getByRole('row', { name: /^Lost deals flagged in time/ })
    .getByText(/ of \d+/)
    .first()
    .waitFor();
  await result.getByRole('row', { name: /^False alarms/ }).waitFor();
  await result.getByRole('row', { name: /^Flagged before the loss/ }).waitFor();

  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByText('Published; every open deal was judged anew').waitFor();
  await page.reload();
  await silence.getByText('file: 14').waitFor();
  expect(await silence.getByLabel('Threshold', { exact: true }).inputValue()).toBe('7');
  await page.context().close();
});
