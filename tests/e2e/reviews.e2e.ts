import { afterAll, beforeAll, expect, test } from 'vitest';
import { tellPipeline } from '#tests/pipeline-story.ts';
import { type Product, raiseProduct } from './product.ts';
import { barriersOn, confirm, open, openWindow, signIn } from './visitor.ts';

let product: Product;

beforeAll(async () => {
  product = await raiseProduct();
  await tellPipeline(product.house);
}, 240_000);
afterAll(() => product.stop());

test('a manager schedules a review and runs it now and receives it in the sandbox mailbox', async () => {
  const page = await openWindow(product);
  await signIn(page, product);
  await page.goto(`${product.house.url}/schedule`);
  await page.getByText('Nothing looks by itself yet').waitFor();
  await page.keyboard.press('n');
  const drawer = page.getByRole('complementary', { name: 'New schedule' });
  await drawer.getByLabel('Name').fill('Monday pipeline review');
  await drawer.getByLabel('When, as a cron of five parts').fill('0 25 * * 1');
  await drawer
    .getByText(/hour|25/i)
    .first()
    .waitFor();
  await drawer.getByRole('button', { name: 'Mondays at 09:00' }).click();
  await drawer.getByText(/^Every Monday at 09:00\./).waitFor();
  expect(await drawer.getByRole('list', { name: 'Next runs' }).getByRole('listitem').count()).toBe(
    3,
  );
  await drawer.getByLabel('Email, everything').fill('priya@northgate.example');
  await page.keyboard.press('ControlOrMeta+Enter');
  await page.getByText('Monday pipeline review is scheduled').waitFor();

  const row = page.getByRole('row').filter({ hasText: 'Monday pipeline review' });
  await row.getByText('Not yet').waitFor();
  const history = page.getByRole('region', { name: 'History' });
  await history.waitFor();
  await page.keyboard.press('r');
  await page.getByText('Monday pipeline review runs now').waitFor();
  await history.getByText(/\d+ deals, .* s, sent to \d/).waitFor({ timeout: 60_000 });
  await row.getByText('Not yet').waitFor({ state: 'hidden' });
  await history.getByRole('button', { name: /^Who was told/ }).click();
  await history.getByText('priya@northgate.example').waitFor();
  expect(await barriersOn(page)).toEqual([]);

  await page.keyboard.press('p');
  await row.getByText('Paused', { exact: true }).waitFor();
  await page.keyboard.press('p');
  await row.getByText('Paused', { exact: true }).waitFor({ state: 'hidden' });

  await history.getByRole('link').first().click();
  await page.waitForURL(/\/reviews\/[^/]+$/);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await open(page, 'Sandbox');
  await page.getByText('priya@northgate.example').first().waitFor();
  await page
    .getByText(/Monday pipeline review/)
    .first()
    .waitFor();

  await page.goto(`${product.house.url}/schedule`);
  await row.getByRole('link').first().click();
  await confirm(page, page.getByRole('button', { name: 'Delete' }), 'Delete the schedule');
  await page.getByText('Deleted: Monday pipeline review').waitFor();
  await row.waitFor({ state: 'hidden' });
  await page.context().close();
});

test('a manager writes the words of a report and is told where a placeholder is wrong', async () => {
  const page = await openWindow(product);
  await signIn(page, product);
  await page.goto(`${product.house.url}/schedule/templates`);
  await page.getByText('No template yet').waitFor();
  await page.keyboard.press('n');
  await page.getByLabel('Name').fill('Short report');
  await page.getByLabel('Subject', { exact: true }).fill('{{ review.name }} at {{ helth.score }}');
  await page
    .getByRole('list', { name: 'Mistakes' })
    .getByText(/^Subject: .*helth/)
    .waitFor();
  expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
  await page.getByLabel('Subject', { exact: true }).fill('{{ review.name }} at {{ health.score }}');
  const preview = page.getByRole('region', { name: 'Preview' });
  await preview.getByText('Monday pipeline review at 71').waitFor();
  const body = page.getByRole('textbox', { name: 'Body of the report' });
  await body.click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('<p>Health {{ health.score }}</p>');
  await page.frameLocator('iframe[title="The report as a mail"]').getByText('Health 71').waitFor();
  await page.keyboard.press('ControlOrMeta+Enter');
  await page.getByText('Saved as version 1').waitFor();
  await page.getByRole('navigation', { name: 'Templates' }).getByText('v1, not used').waitFor();
  await page.context().close();
});
