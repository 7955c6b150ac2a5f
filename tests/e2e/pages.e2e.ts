import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inWorkspace } from '#db/scope.ts';
import { aFewDeals, anAnalysis } from '#tests/analysis-story.ts';
import { tellPipeline } from '#tests/pipeline-story.ts';
import { type Product, raiseProduct } from './product.ts';
import { barriersOn, confirm } from './visitor.ts';

/** Each with what stands there when it has loaded. `first` is the first that the API lists. */
const strangers = ['/sign-in', '/sign-up'];
const pages = [
  ...['/welcome', '/today', '/today?view=snoozed', '/leads', '/leads?q=nobody-is-called-this'],
  ...[
    '/companies',
    '/companies/first',
    '/contacts',
    '/contacts/first',
    '/customers',
    '/duplicates',
  ],
  ...['/leads/first', '/sequences', '/sequences/first', '/sequences/first?view=runs'],
  ...['/enrolments/first', '/ledger', '/imports', '/deliveries', '/sandbox', '/health'],
  ...['/deals', '/deals?view=table', '/deals?q=nobody', '/deals/first', '/deals/lost'],
  ...[
    '/dashboard',
    '/dashboard?period=month',
    '/dashboard/past',
    '/forecast',
    '/forecast?as=table',
  ],
  ...['/insights', '/insights/settings', '/insights/settings?what=insights'],
  ...['workspace', 'team', 'tokens', 'connections', 'channels', 'tags', 'account'].map(
    (name) => `/settings/${name}`,
  ),
  ...['/settings/schedules', '/settings/pipeline', '/settings/notifications'],
  ...[
    '/rules',
    '/rules?id=closing_7d_no_activity',
    '/rules?id=closing_7d_no_activity&view=history',
  ],
  ...['/schedule', '/schedule?new=1', '/schedule/templates', '/schedule/templates?new=1'],
  '/settings/assessments',
  ...['/reviews', '/reviews?source=view', '/analyze', '/analyze/first'],
  ...['', '?open=1', '?view=rules', '?view=clean', '?search=nobody'].map(
    (query) => `/reviews/first${query}`,
  ),
];
/** Where the first of a list is found, if not under its own name. */
const lists: Record<string, string> = {
  reviews: 'analyze?source=pipeline&',
  analyze: 'analyze?source=file&',
};

let product: Product;
beforeAll(async () => {
  product = await raiseProduct();
  const { workspaceId, open } = await tellPipeline(product.house);
  await inWorkspace(product.house.db, { workspaceId, actor: 'system' }, async (scope) => {
    const deals = aFewDeals().map((deal, at) => ({ ...deal, dealId: Object.values(open)[at]! }));
    const previousId = await anAnalysis(scope, { deals, health: 64 });
    await anAnalysis(scope, { deals: deals.slice(1), health: 71, previousId });
  });
}, 180_000);
afterAll(() => product.stop());

for (const width of [1440, 390]) {
  test(
    `nobody is shut out of any page, light or dark, ${width} wide`,
    { timeout: 240_000 },
    async () => {
      const context = await product.browser.newContext({
        viewport: { width, height: width < 900 ? 844 : 900 },
        ...{ hasTouch: width < 900, reducedMotion: 'reduce', colorScheme: 'light' },
      });
      context.setDefaultTimeout(20_000);
      const page = await context.newPage();
      const problems: string[] = [];
      page.on('pageerror', ({ message }) => problems.push(`${page.url()}: ${message}`));
      for (const path of strangers) problems.push(...(await lookAt(page, path)));
      const { status } = await signedIn(page);
      expect(status).toBe(200);
      expect(await uploaded(page)).toBe(202);
      for (const path of pages)
        problems.push(...(await lookAt(page, await addressOf(page, path), path)));
      await context.close();
      expect(problems).toEqual([]);
    },
  );
}

test('every page says so when the server cannot answer', { timeout: 240_000 }, async () => {
  const context = await product.browser.newContext({ viewport: { width: 1440, height: 900 } });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', ({ message }) => problems.push(`${page.url()}: ${message}`));
  await signedIn(page);
  const json = { status: 503, title: 'The database cannot be reached.', errors: [] };
  await page.route(/\/api\/(?!auth\/)/, (route) => route.fulfill({ status: 503, json }));
  // The account is known from the start, health says in its own words what is gone, and a new workspace asks for nothing.
  const apart = ['/welcome', '/health', '/settings/account'];
  for (const path of pages.filter((one) => !apart.includes(one))) {
    await page.goto(`${product.house.url}${await addressOf(page, path)}`);
    const said = page.getByText(json.title).first();
    await said.waitFor().catch(() => problems.push(`${path} says nothing`));
  }
  await context.close();
  expect(problems).toEqual([]);
});

test('what is not there is said once: the page does not load again and again', async () => {
  const page = await product.browser.newPage();
  let loads = 0;
  page.on('response', (response) => (loads += Number(response.request().isNavigationRequest())));
  await signedIn(page);
  await page.goto(`${product.house.url}/leads/${randomUUID()}`);
  await page.getByText('There is nothing here').waitFor();
  await page.getByRole('link', { name: 'Go to Today' }).click();
  await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor();
  expect(loads).toBe(1);
  await page.close();
});

test('a first visitor takes the demo away, and makes a workspace of their own', async () => {
  const context = await product.browser.newContext({ reducedMotion: 'reduce' });
  const page = await context.newPage();
  await signedIn(page);
  await page.goto(`${product.house.url}/settings/workspace`);
  await confirm(
    page,
    page.getByRole('button', { name: 'Remove the demo' }),
    'Its leads, sequences',
  );
  await page.waitForURL(/\/welcome$/);
  await context.close();
});

async function signedIn(page: Page): Promise<{ status: number }> {
  const address = `${product.house.url}/api/auth/sign-in/email`;
  const response = await page.request.post(address, { data: product.demo });
  return { status: response.status() };
}

/** A file whose columns wait for somebody. */
async function uploaded(page: Page): Promise<number> {
  const text = 'Deal,Worth,Phase,Closing,Who\nRedwood Ice,18400,Proposal,04/03/2026,Dana\n';
  const file = { name: 'west.csv', mimeType: 'text/csv', buffer: Buffer.from(text) };
  const address = `${product.house.url}/api/analyze`;
  const headers = { origin: product.house.url };
  return (await page.request.post(address, { multipart: { file }, headers })).status();
}

/** What axe finds there in light, what of it is a matter of colour in dark, and whether it is too wide. */
async function lookAt(page: Page, path: string, name = path): Promise<string[]> {
  await page.goto(`${product.house.url}${path}`);
  await page.locator('h1').first().waitFor({ state: 'attached' });
  await page.evaluate('document.fonts.ready');
  const barriers = await barriersOn(page);
  const overflow = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  return [
    ...barriers.map((found) => `${name}, ${found}`),
    ...(overflow > 0 ? [`${name}: ${overflow} pixels wider than the window`] : []),
  ];
}

async function addressOf(page: Page, path: string): Promise<string> {
  const list = /^\/(\w+)\/first/.exec(path)?.[1];
  if (!list) return path;
  const address = `${product.house.url}/api/${lists[list] ?? `${list}?`}limit=1`;
  const response = await page.request.get(address);
  const { items, analyses } = (await response.json()) as Record<string, { id: string }[]>;
  return path.replace('first', (items ?? analyses)![0]!.id);
}
