import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tellPipeline } from '#tests/pipeline-story.ts';
import { type Product, raiseProduct } from './product.ts';
import { open, openWindow, signIn } from './visitor.ts';

const file = [
  'Opportunity,Worth,Phase,Closing,Who,Territory',
  'Redwood Ice,"$18,400.00",Proposal/Price Quote,2026-04-03,Dana Whitlock,West',
  'Pico Block & Brick,7200,Discovery,2030-05-18,Dana Whitlock,South',
  'Amity Ferry,,Negotiation,2026-03-27,,West',
  'Norwick Glass,38600,Proposal,Q2,Marcus Oyelaran,East',
].join('\n');

let product: Product;
let url: string;
let cookies: Awaited<ReturnType<BrowserContext['cookies']>>;

beforeAll(async () => {
  product = await raiseProduct();
  url = product.house.url;
  await tellPipeline(product.house);
  const page = await openWindow(product);
  await signIn(page, product);
  cookies = await page.context().cookies();
  await page.context().close();
}, 240_000);
afterAll(() => product.stop());

test('a file is uploaded, its columns are corrected, and its deals are read and filtered', async () => {
  const page = await enter();
  await open(page, 'Reviews');
  await page.getByRole('link', { name: 'Review a file' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Review a file' }).waitFor();
  await page.getByLabel('File to review', { exact: true }).setInputFiles({
    ...{ name: 'west.csv', mimeType: 'text/csv', buffer: Buffer.from(file) },
  });

  const columns = page.getByRole('table', { name: 'Columns' });
  await columns.waitFor();
  // What nothing is called like is the person's to say; the row beside it is read anew at once.
  for (const [column, field] of Object.entries({
    ...{ Opportunity: 'name', Worth: 'amountCents', Phase: 'stage' },
    ...{ Closing: 'expectedCloseOn', Who: 'owner', Territory: 'skip' },
  })) {
    await columns.getByLabel(`What ${column} is`).selectOption(field);
  }
  const row = page.getByRole('region', { name: 'One row as it will be read' });
  await expect
    .poll(() => row.innerText())
    .toMatch(/Redwood Ice[\s\S]*\$18,400[\s\S]*Dana Whitlock/);
  const check = page.getByRole('region', { name: 'To check' });
  await check.getByText('“Q2”, 1 row').waitFor();
  await page.getByRole('button', { name: 'Review 4 deals' }).click();

  await page.waitForURL(/\/reviews\//);
  const deals = page.getByRole('table', { name: 'Deals of this review' });
  await deals.getByText('Amity Ferry').waitFor();
  await page.getByRole('button', { name: 'What was found on Amity Ferry' }).click();
  await deals.getByText('Amount missing').waitFor();

  await page.getByRole('searchbox', { name: 'Filter by deal, company or owner' }).fill('norwick');
  await expect.poll(() => deals.getAttribute('aria-rowcount')).toBe('2');
  expect(new URL(page.url()).searchParams.get('search')).toBe('norwick');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Alt+x');
  await page.getByRole('region', { name: 'By category' }).getByRole('button').first().click();
  await page.getByRole('button', { name: /^Remove “Category is/ }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: /^Remove “Category is/ }).waitFor();

  await open(page, 'Reviews');
  await page.getByRole('link', { name: 'west.csv' }).waitFor();
  await page.context().close();
});

test('the pipeline is checked, what mends itself is fixed in bulk, and the fixes are taken back', async () => {
  const page = await enter();
  await open(page, 'Reviews');
  await page.getByRole('button', { name: 'Check the pipeline' }).first().click();
  await page.waitForURL(/\/reviews\//);
  const deals = page.getByRole('table', { name: 'Deals of this review' });
  await deals.getByText('Bauer Cold Storage').first().waitFor();
  const button = page.getByRole('button', { name: /^Fix \d+ automatically$/ });
  const before = await button.innerText();

  await button.click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('list', { name: 'Changes' }).waitFor();
  await page.keyboard.press('ControlOrMeta+Enter');
  await page.getByText(/^\d+ findings? fixed/).waitFor();
  await expect.poll(() => button.innerText()).not.toBe(before);

  await page.keyboard.press('z');
  await page.getByText('Fixes taken back').waitFor();
  await expect.poll(() => button.innerText()).toBe(before);
  await page.context().close();
});

test('one finding is snoozed with a reason and talked about', async () => {
  const page = await enter();
  await open(page, 'Reviews');
  await page.getByRole('table').getByRole('link').first().click();
  await page.getByRole('table', { name: 'Deals of this review' }).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page
    .getByRole('button', { name: /^More about/ })
    .first()
    .click();
  await page.getByRole('menuitem', { name: 'Comments' }).click();
  await page.getByLabel('Your comment').fill('Their board decides on Friday.');
  await page.keyboard.press('ControlOrMeta+Enter');
  await page.getByRole('dialog').getByText('Their board decides on Friday.').first().waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^1 comments on/ }).waitFor();

  await page
    .getByRole('button', { name: /^More about/ })
    .first()
    .click();
  await page.getByRole('menuitem', { name: 'Snooze…' }).click();
  await page.getByLabel('Why').fill('Known, and fine until then.');
  await page.keyboard.press('ControlOrMeta+Enter');
  await page.getByText(/snoozed until/).waitFor();
  await page.context().close();
});

async function enter(): Promise<Page> {
  const page = await openWindow(product);
  await page.context().addCookies(cookies);
  await page.goto(`${url}/today`);
  await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
  return page;
}
