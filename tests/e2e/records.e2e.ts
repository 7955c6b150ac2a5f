import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Product, raiseProduct } from './product.ts';
import { open, openWindow, signIn } from './visitor.ts';

let product: Product;
let page: Page;

beforeAll(async () => {
  product = await raiseProduct();
  page = await openWindow(product);
  await signIn(page, product);
}, 240_000);
afterAll(() => product.stop());

async function makeContact(fields: Record<string, string>): Promise<void> {
  await page.goto(`${product.house.url}/contacts`);
  await page.getByRole('button', { name: /^New contact/ }).click();
  const form = page.getByRole('dialog');
  for (const [label, value] of Object.entries(fields)) await form.getByLabel(label).fill(value);
  await page.keyboard.press('ControlOrMeta+Enter');
  await page.waitForURL(/\/contacts\/[0-9a-f-]{36}/);
}

test('the bar of a form stays in sight in a low window, and says what is missing', async () => {
  await page.setViewportSize({ width: 720, height: 420 });
  await page.goto(`${product.house.url}/contacts`);
  await page.getByRole('button', { name: /^New contact/ }).click();
  const form = page.getByRole('dialog');
  const create = form.getByRole('button', { name: /^Create contact/ });
  const box = (await create.boundingBox())!;
  expect(box.y + box.height).toBeLessThanOrEqual(420);
  await create.click();
  await form.getByText('Give a name, an email or a phone.').waitFor();
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 1440, height: 900 });
});

test('what is edited where it stands is saved in a pause, and Escape takes it back', async () => {
  await makeContact({ 'First name': 'Nell', 'Last name': 'Quist', Email: 'nell@quist.example' });
  const id = page.url().split('/').at(-1)!;
  await page.getByRole('button', { name: 'Job title: none. Edit' }).click();
  await page.getByLabel('Job title').pressSequentially('Buyer');
  await expect.poll(titleNow).toBe('Buyer');
  await page.getByLabel('Job title').press('Escape');
  await page.getByRole('button', { name: 'Job title: none. Edit' }).waitFor();
  await expect.poll(titleNow).toBe(null);
  await page.getByRole('button', { name: 'Job title: none. Edit' }).click();
  await page.getByLabel('Job title').fill('Fleet buyer');
  await page.getByLabel('Job title').press('Enter');
  await page.getByRole('button', { name: 'Job title: Fleet buyer. Edit' }).waitFor();

  async function titleNow() {
    const answer = await page.request.get(`${product.house.url}/api/contacts/${id}`);
    return ((await answer.json()) as { contact: { title: string | null } }).contact.title;
  }
});

test('the page of a customer is the page of the company', async () => {
  const { url } = product.house;
  const answer = await page.request.get(`${url}/api/companies?limit=1`);
  const { items } = (await answer.json()) as { items: { id: string; name: string }[] };
  await page.goto(`${url}/customers/${items[0]!.id}`);
  await page.getByRole('heading', { level: 1, name: items[0]!.name }).waitFor();
  expect(page.url()).toBe(`${url}/companies/${items[0]!.id}`);
});

test('two contacts that are one person are found, merged field by field, and made two again', async () => {
  await makeContact({
    ...{ 'First name': 'Rosalind', 'Last name': 'Ashgrove', Phone: '602 555 0142' },
    Email: 'rosalind@ashgrove.example',
  });
  await makeContact({
    ...{ 'First name': 'Rosalind', 'Last name': 'Ashgrove', Phone: '(602) 555-0142' },
    Email: 'r.ashgrove@ashgrove.example',
  });
  await open(page, 'Contacts');
  await page.getByRole('link', { name: 'Duplicates' }).click();
  await page.getByRole('button', { name: 'Search all' }).first().click();
  const pairs = page.getByRole('navigation', { name: 'Likely pairs' });
  const pair = pairs.getByRole('link', { name: /Rosalind Ashgrove and Rosalind Ashgrove/ });
  await pair.click();
  await page.getByRole('region', { name: 'Both, field by field' }).waitFor();
  await page.getByLabel('r.ashgrove@ashgrove.example').check();
  await page.keyboard.press('ControlOrMeta+Enter');
  await page.getByText('Rosalind Ashgrove is now Rosalind Ashgrove').waitFor();
  await pair.waitFor({ state: 'hidden' });
  expect(await ashgroves()).toEqual(['r.ashgrove@ashgrove.example']);
  await page.getByRole('button', { name: /^Undo/ }).first().click();
  await expect
    .poll(ashgroves)
    .toEqual(['r.ashgrove@ashgrove.example', 'rosalind@ashgrove.example']);

  async function ashgroves(): Promise<string[]> {
    const answer = await page.request.get(`${product.house.url}/api/contacts?q=ashgrove`);
    const { items } = (await answer.json()) as { items: { email: string }[] };
    return items.map(({ email }) => email).toSorted();
  }
});
