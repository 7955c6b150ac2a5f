import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Deal } from '#domain/deal.ts';
import { type Product, raiseProduct } from './product.ts';
import { open, openWindow, signIn } from './visitor.ts';

let product: Product;
let url: string;
let cookies: Awaited<ReturnType<BrowserContext['cookies']>>;

beforeAll(async () => {
  product = await raiseProduct();
  url = product.house.url;
  const page = await openWindow(product);
  await signIn(page, product);
  cookies = await page.context().cookies();
  await page.context().close();
}, 180_000);
afterAll(() => product.stop());

test('a converted lead becomes a deal that is lost for a reason and stands in the post-mortem', async () => {
  const page = await enter();
  await open(page, 'Leads');
  await page.getByRole('link', { name: 'Hugh Dawson' }).first().click();
  await page.getByRole('button', { name: /^Convert/ }).click();
  const convert = page.getByRole('dialog');
  await convert.getByLabel('Deal', { exact: true }).fill('Dawson fleet');
  await convert.getByLabel(/^Amount/).fill('42900');
  await page.keyboard.press('ControlOrMeta+Enter');
  await page.getByRole('heading', { level: 1, name: 'Dawson fleet' }).waitFor();

  await page.getByRole('button', { name: 'More ways' }).click();
  await page.getByRole('menuitem', { name: 'Closed lost' }).click();
  const dialog = page.getByRole('dialog', { name: 'Why was Dawson fleet lost?' });
  await page.keyboard.press('ControlOrMeta+Enter');
  await dialog.getByText('Say why it was lost.').waitFor();
  await dialog.getByRole('radio', { name: /^No decision/ }).check();
  await dialog.getByLabel('What happened (optional)').fill('The owner retires in June.');
  await dialog.getByRole('checkbox', { name: 'Ask again on' }).check();
  await dialog.getByRole('button', { name: 'Mark as lost' }).click();
  await page.getByText('Dawson fleet is marked as lost').waitFor();
  await page.getByRole('button', { name: 'Reopen' }).waitFor();

  await open(page, 'Deals');
  await page.getByRole('link', { name: 'Why deals are lost' }).click();
  const reason = page.getByRole('region', { name: 'No decision' });
  await reason.getByRole('link', { name: 'Dawson fleet' }).waitFor();
  await reason.getByText('The owner retires in June.').waitFor();
  await expect.poll(() => reason.innerText()).toMatch(/\$42,900/);
  await page.context().close();
});

test('a deal is carried through the board by keys alone, announced at each step and put back', async () => {
  const page = await enter();
  await aDeal(page, { name: 'Kestrel Drayage', amountCents: 4_290_000 });
  await aDeal(page, { name: 'Summit Electric', amountCents: 2_770_000 });
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await page.getByRole('heading', { level: 1, name: 'Deals' }).waitFor();
  const card = page.getByRole('link', { name: /^Kestrel Drayage/ });
  await column(page, 'Discovery')
    .getByRole('link', { name: /^Kestrel/ })
    .waitFor();

  await card.focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.getByText(/^Kestrel Drayage, Proposal, place \d of 4$/).waitFor({ state: 'attached' });
  await page.getByText('Drop: 50% becomes 60%').waitFor();
  await page.keyboard.press('Escape');
  await page.getByText(/^Kestrel Drayage put back/).waitFor({ state: 'attached' });
  await column(page, 'Discovery')
    .getByRole('link', { name: /^Kestrel/ })
    .waitFor();

  for (const key of ['Space', 'ArrowRight', 'ArrowRight', 'Space']) await page.keyboard.press(key);
  await column(page, 'Proposal')
    .getByRole('link', { name: /^Kestrel/ })
    .waitFor();
  await page.getByText('Kestrel Drayage moved to Proposal').waitFor();
  // Where it was dropped the keys go on from.
  await expect
    .poll(() => card.evaluate((one) => one === one.ownerDocument.activeElement))
    .toBe(true);
  const { slug } = await product.house.db
    .selectFrom('deals as d')
    .innerJoin('stages as s', 's.id', 'd.stageId')
    .select('s.slug')
    .where('d.name', '=', 'Kestrel Drayage')
    .executeTakeFirstOrThrow();
  expect(slug).toBe('proposal');
  await page.keyboard.press('z');
  await column(page, 'Discovery')
    .getByRole('link', { name: /^Kestrel/ })
    .waitFor();
  await page.context().close();
});

test('a stage that asks for something opens a small form, and the deal goes on when it is filled in', async () => {
  const page = await enter();
  const { items } = await got<{ items: { stages: { id: string; slug: string }[] }[] }>(
    page,
    '/pipelines',
  );
  const negotiation = items[0]!.stages.find(({ slug }) => slug === 'negotiation')!;
  const required = { required: ['expectedCloseOn', 'competitor'] };
  const patched = await page.request.patch(`${url}/api/stages/${negotiation.id}`, {
    ...{ data: required, headers: { origin: url } },
  });
  expect(patched.status()).toBe(200);
  await aDeal(page, { name: 'Alder Creek Timber', amountCents: 3_150_000 });
  await open(page, 'Deals');
  const from = page.getByRole('link', { name: /^Alder Creek Timber/ });
  const to = page.getByRole('region', { name: 'Negotiation' });
  await from.hover();
  await page.mouse.down();
  const target = (await to.boundingBox())!;
  await page.mouse.move(target.x + target.width / 2, target.y + 160, { steps: 8 });
  await page.getByText('Drop: 50% becomes 80%').waitFor();
  await page.mouse.up();
  const form = page.getByRole('dialog', { name: 'Negotiation needs a little more' });
  await form.getByLabel('Expected close').fill('2030-03-27');
  await form.getByLabel('Competitor').fill('Samsara');
  await page.keyboard.press('ControlOrMeta+Enter');
  await form.waitFor({ state: 'hidden' });
  await to.getByRole('link', { name: /^Alder Creek Timber/ }).waitFor();
  await page.getByText('Alder Creek Timber moved to Negotiation').waitFor();
  expect(new URL(page.url()).pathname).toBe('/deals');
  await page.context().close();
});

test('what two people change of a deal at once is asked about, and lines price it to the cent', async () => {
  const page = await enter();
  const { id } = await aDeal(page, { name: 'Baxter Cold Storage', amountCents: 9_000_000 });
  await page.goto(`${url}/deals/${id}`);
  await page.getByRole('button', { name: /^Amount: / }).click();
  const amount = page.getByRole('textbox', { name: 'Amount' });
  await amount.waitFor();
  const theirs = { data: { amountCents: 9_500_000 }, headers: { origin: url } };
  expect((await page.request.patch(`${url}/api/deals/${id}`, theirs)).status()).toBe(200);
  await amount.fill('91,000');
  await amount.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Which one stays?' });
  await dialog.getByText('$91,000.00').waitFor();
  await dialog.getByText('$95,000.00').waitFor();
  await page.keyboard.press('ControlOrMeta+Enter');
  await page.getByRole('button', { name: /^Amount: \$91,000.00/ }).waitFor();

  await page.getByRole('button', { name: 'From catalog' }).click();
  await page.getByRole('combobox').fill('Install, on site');
  await page.getByRole('option', { name: /Install, on site/ }).click();
  await page.getByLabel('Unit price of Install, on site').fill('72.00');
  await page.keyboard.press('Enter');
  await page.getByLabel('Quantity of Install, on site').fill('46');
  await page.keyboard.press('Enter');
  await page.getByLabel('Discount on Install, on site').fill('40');
  await page.keyboard.press('Enter');
  const lines = page.getByRole('region', { name: 'Line items' });
  await lines.getByText('$1,987.20').first().waitFor();
  await expect
    .poll(async () => (await got<{ deal: Deal }>(page, `/deals/${id}`)).deal.amountCents)
    .toBe(198_720);
  await page.context().close();
});

/** Signed in once for all: who signs in again and again in a minute is told to wait. */
async function enter(): Promise<Page> {
  const page = await openWindow(product);
  await page.context().addCookies(cookies);
  await page.goto(`${url}/today`);
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
  return page;
}

async function aDeal(page: Page, deal: { name: string; amountCents: number }) {
  const response = await page.request.post(`${url}/api/deals`, {
    ...{ data: deal, headers: { origin: url } },
  });
  expect(response.status()).toBe(201);
  return ((await response.json()) as { deal: { id: string } }).deal;
}

async function got<Answer>(page: Page, path: string): Promise<Answer> {
  return (await page.request.get(`${url}/api${path}`)).json() as Promise<Answer>;
}

function column(page: Page, name: string) {
  return page.getByRole('list', { name, exact: true });
}
