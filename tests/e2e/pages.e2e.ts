import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Product, raiseProduct } from './product.ts';

/** Each with what stands there when it has loaded. `first` is the first that the API lists. */
const strangers = ['/sign-in', '/sign-up'];
const pages = [
  ...['/welcome', '/today', '/today?view=snoozed', '/leads', '/leads?q=nobody-is-called-this'],
  ...['/leads/first', '/sequences', '/sequences/first', '/sequences/first?view=runs'],
  ...['/enrolments/first', '/ledger', '/imports', '/deliveries', '/sandbox', '/health'],
  ...['workspace', 'team', 'tokens', 'connections', 'channels', 'tags', 'account'].map(
    (name) => `/settings/${name}`,
  ),
];

let product: Product;
beforeAll(async () => {
  product = await raiseProduct();
}, 180_000);
afterAll(() => product.stop());

for (const theme of ['light', 'dark']) {
  for (const width of [1440, 390]) {
    test(`nobody is shut out of any page, ${theme} and ${width} wide`, async () => {
      const context = await openContext(theme, width);
      const page = await context.newPage();
      const problems: string[] = [];
      page.on('pageerror', ({ message }) => problems.push(`${page.url()}: ${message}`));
      for (const path of strangers) problems.push(...(await lookAt(page, path)));
      const signed = await page.request.post(`${product.house.url}/api/auth/sign-in/email`, {
        data: product.demo,
      });
      expect(signed.status()).toBe(200);
      for (const path of pages)
        problems.push(...(await lookAt(page, await addressOf(page, path), path)));
      await context.close();
      expect(problems).toEqual([]);
    });
  }
}

async function openContext(theme: string, width: number): Promise<BrowserContext> {
  const context = await product.browser.newContext({
    viewport: { width, height: width < 900 ? 844 : 900 },
    hasTouch: width < 900,
    reducedMotion: 'reduce',
  });
  await context.addCookies([{ name: 'theme', value: theme, url: product.house.url }]);
  context.setDefaultTimeout(20_000);
  return context;
}

/** What axe finds there, and whether the page is wider than its window. */
async function lookAt(page: Page, path: string, name = path): Promise<string[]> {
  await page.goto(`${product.house.url}${path}`);
  await page.locator('h1').first().waitFor({ state: 'attached' });
  await page.locator('[aria-busy="true"]').waitFor({ state: 'detached' });
  await page.evaluate('document.fonts.ready');
  const { violations } = await new AxeBuilder({ page }).analyze();
  const overflow = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  return [
    ...violations.map(({ id, nodes }) => `${name}: ${id} at ${nodes[0]?.html.slice(0, 120)}`),
    ...(overflow > 0 ? [`${name}: ${overflow} pixels wider than the window`] : []),
  ];
}

async function addressOf(page: Page, path: string): Promise<string> {
  const list = /^\/(\w+)\/first/.exec(path)?.[1];
  if (!list) return path;
  const response = await page.request.get(`${product.house.url}/api/${list}?limit=1`);
  const { items } = (await response.json()) as { items: { id: string }[] };
  return path.replace('first', items[0]!.id);
}
