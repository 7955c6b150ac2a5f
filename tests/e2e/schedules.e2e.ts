import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Product, raiseProduct } from './product.ts';
import { barriersOn, openWindow, signIn } from './visitor.ts';

let product: Product;

beforeAll(async () => {
  product = await raiseProduct();
}, 180_000);
afterAll(() => product.stop());

test('an admin lets a clock strike, sees what it did without a reload, pauses it and lets it go on', async () => {
  const page = await openWindow(product);
  await signIn(page, product);
  await page.goto(`${product.house.url}/settings/schedules`);
  const row = page.getByRole('row').filter({ hasText: 'Stall scan' });
  await row.getByText('Every 2 hours').waitFor();
  await row.getByRole('button', { name: 'Run now: Stall scan' }).click();
  await row.getByText('Done', { exact: true }).waitFor();
  await row.getByText(/\d+ deals?|Nothing to do/).waitFor();
  expect(await row.locator('time').count()).toBe(4);
  await row.getByRole('button', { name: 'Pause Stall scan' }).click();
  await row.getByText('Paused', { exact: true }).waitFor();
  expect(await barriersOn(page)).toEqual([]);
  await row.getByRole('button', { name: 'Resume Stall scan' }).click();
  await row.getByRole('button', { name: 'Pause Stall scan' }).waitFor();
  await page.context().close();
});

test('a reader turns the digest off, and a manager what digests speak of', async () => {
  const page = await openWindow(product);
  await signIn(page, product);
  await page.goto(`${product.house.url}/settings/notifications`);
  const digest = page.getByRole('switch', { name: 'Write to me each morning' });
  expect(await digest.isChecked()).toBe(true);
  await digest.uncheck();
  await page.getByText('No more digests').waitFor();
  await page.getByRole('switch', { name: 'Stale leads' }).uncheck();
  await page.getByText('Digests leave it out: Stale leads').waitFor();
  await page.reload();
  await digest.waitFor();
  expect(await digest.isChecked()).toBe(false);
  expect(await page.getByRole('switch', { name: 'Stale leads' }).isChecked()).toBe(false);
  await page.context().close();
});
