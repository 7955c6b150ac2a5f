import { mkdir } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import chromium from '@sparticuz/chromium';
import { chromium as driver, type BrowserContext, type Page } from 'playwright-core';

/**
 * Takes pictures of every page, light and dark, wide and narrow, and says what axe finds on each:
 * node tests/look.ts <address> <folder> [--as <email>:<password>] [--only <name>,<name>] [--state failing|loading]
 */
interface Look {
  name: string;
  path: string;
  keys?: string;
  /** The button that is pressed first. */
  press?: string;
  open?: boolean;
  print?: boolean;
}
const pages: Look[] = [
  { name: 'sign-in', path: '/sign-in', open: true },
  { name: 'sign-up', path: '/sign-up', open: true },
  { name: 'welcome', path: '/welcome' },
  { name: 'today', path: '/today' },
  { name: 'today-snoozed', path: '/today?view=snoozed' },
  { name: 'leads', path: '/leads' },
  { name: 'leads-nothing', path: '/leads?q=nobody-is-called-this' },
  { name: 'leads-selected', path: '/leads', keys: 'j x j j x' },
  { name: 'lead', path: '/leads/first' },
  { name: 'lead-why', path: '/leads/first', keys: 'w' },
  { name: 'palette', path: '/leads', keys: 'Control+k' },
  { name: 'keys', path: '/leads', keys: '?' },
  { name: 'board', path: '/deals' },
  { name: 'deals', path: '/deals?view=table' },
  { name: 'deal', path: '/deals/first' },
  { name: 'lost', path: '/deals/lost' },
  { name: 'pipelines', path: '/settings/pipeline' },
  { name: 'imports', path: '/imports' },
  { name: 'sequences', path: '/sequences' },
  { name: 'designer', path: '/sequences/first' },
  { name: 'enrolment', path: '/enrolments/first' },
  { name: 'ledger', path: '/ledger' },
  { name: 'sandbox', path: '/sandbox' },
  { name: 'deliveries', path: '/deliveries' },
  { name: 'health', path: '/health' },
  { name: 'dashboard', path: '/dashboard' },
  { name: 'dashboard-past', path: '/dashboard/past' },
  { name: 'forecast', path: '/forecast' },
  { name: 'insights', path: '/insights' },
  { name: 'insights-settings', path: '/insights/settings' },
  { name: 'companies', path: '/companies' },
  { name: 'company', path: '/companies/first' },
  { name: 'contacts', path: '/contacts' },
  { name: 'contact', path: '/contacts/first' },
  { name: 'customers', path: '/customers' },
  { name: 'duplicates', path: '/duplicates' },
  { name: 'rules', path: '/rules' },
  { name: 'rule', path: '/rules?id=closing_7d_no_activity' },
  { name: 'reviews', path: '/reviews' },
  { name: 'review', path: '/reviews/first' },
  { name: 'review-rules', path: '/reviews/first?view=rules' },
  { name: 'review-compare', path: '/reviews/first', press: 'Compare' },
  { name: 'review-print', path: '/reviews/first', print: true },
  { name: 'schedule', path: '/schedule' },
  { name: 'schedule-new', path: '/schedule?new=1' },
  { name: 'templates', path: '/schedule/templates?new=1' },
  { name: 'upload', path: '/analyze' },
  { name: 'settings', path: '/settings' },
  { name: 'assessments', path: '/settings/assessments' },
  { name: 'schedules', path: '/settings/schedules' },
  { name: 'notifications', path: '/settings/notifications' },
];
const only = optionOf('--only')?.split(',');
/** What every page meets instead of its data: a server that cannot answer, or one that takes for ever. */
const state = optionOf('--state');
const widths = [1440, 390];
const themes = ['light', 'dark'];

const [address = 'http://127.0.0.1:3000', folder = 'pictures'] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const browser = await driver.launch({
  executablePath: await chromium.executablePath(),
  // In one process it closes with its first window.
  args: chromium.args.filter((arg) => !['--single-process', '--no-zygote'].includes(arg)),
});
let found = 0;
for (const theme of themes) {
  for (const width of widths) {
    const context = await browser.newContext({
      viewport: { width, height: width < 900 ? 844 : 900 },
      hasTouch: width < 900,
      reducedMotion: 'reduce',
    });
    await context.addCookies([{ name: 'theme', value: theme, url: address }]);
    found += await lookAtAll(context, `${theme}-${width}`);
    await context.close();
  }
}
await browser.close();
console.log(`${found} findings`);
process.exitCode = found > 0 ? 1 : 0;

async function lookAtAll(context: BrowserContext, look: string): Promise<number> {
  const page = await context.newPage();
  page.on('pageerror', (error) => console.log(`! ${page.url()} ${error.message}`));
  page.on('console', (line) => {
    if (line.type() === 'error') console.log(`! ${page.url()} ${line.text().split('\n')[0]}`);
  });
  let findings = 0;
  const wanted = pages.filter(({ name }) => !only || only.includes(name));
  for (const one of wanted.filter(({ open }) => open)) {
    findings += await lookAt(page, one, look);
  }
  await signIn(page);
  if (state === 'failing') await withhold(page);
  for (const one of wanted.filter(({ open }) => !open)) {
    findings += await lookAt(page, one, look);
  }
  return findings;
}

async function lookAt(
  page: Page,
  { name, path, keys, press, open, print = false }: Look,
  look: string,
): Promise<number> {
  const end = await addressOf(page, path);
  if (!end) return 0;
  await (state === 'loading' && !open ? follow(page, end) : page.goto(`${address}${end}`));
  if (print) {
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
  }
  if (state !== 'loading') await settle(page);
  const button = press && page.getByRole('button', { name: press, exact: true });
  if (button && !state && (await button.isVisible())) {
    await button.click();
    await settle(page);
  }
  if (keys && !state) {
    for (const key of keys.split(' ')) await page.keyboard.press(key);
    await settle(page);
  }
  await page.screenshot({ path: `${folder}/${name}-${look}.png`, fullPage: print });
  await page.emulateMedia({ media: null });
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  for (const { id, nodes } of violations) {
    console.log(`${name} ${look}: ${id} (${nodes.length})`);
    for (const node of nodes.slice(0, 3)) console.log(`    ${node.html.slice(0, 160)}`);
  }
  return violations.length;
}

/** `/leads/first` is the first lead that the API lists, `/reviews/first` the results of the latest analysis. */
async function addressOf(page: Page, path: string): Promise<string | undefined> {
  const list = /^\/(\w+)\/first\b/.exec(path)?.[1];
  if (!list) return path;
  const from = list === 'reviews' ? 'analyze' : list;
  const response = await page.request.get(`${address}/api/${from}?limit=1`);
  if (!response.ok()) return undefined;
  const body = (await response.json()) as Record<string, { id: string }[] | undefined>;
  const [first] = body['items'] ?? body['analyses'] ?? [];
  return first && path.replace('first', first.id);
}

/** The live stream never ends, so the network is never quiet; what is drawn is what counts. */
async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('load');
  await page.locator('h1, h2').first().waitFor();
  await page.evaluate('document.fonts.ready');
  await page.waitForTimeout(400);
}

/** From here on no read is answered, or each with a failure; only who is here is known. */
async function withhold(page: Page): Promise<void> {
  const json = { status: 503, title: 'The database cannot be reached.', errors: [] };
  await page.route(/\/api\/(?!auth\/)/, (route) =>
    state === 'failing' ? route.fulfill({ status: 503, json }) : new Promise(() => undefined),
  );
}

/** Goes to a page as a click inside the product does, and finds that nothing answers. */
async function follow(page: Page, path: string): Promise<void> {
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.goto(`${address}/ledger`);
  await settle(page);
  await withhold(page);
  await page.evaluate(
    `const way = Object.assign(document.createElement('a'), { href: '${path}' });
    document.body.append(way);
    way.click();
    way.remove();`,
  );
  await page.waitForTimeout(600);
}

async function signIn(page: Page): Promise<void> {
  const [email = 'dana@northgate.example', password = 'a long password'] =
    optionOf('--as')?.split(/:(.*)/s) ?? [];
  const response = await page.request.post(`${address}/api/auth/sign-in/email`, {
    data: { email, password },
    headers: { origin: address },
  });
  if (!response.ok()) throw new Error(`Signing in answered ${response.status()}.`);
}

function optionOf(name: string): string | undefined {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}
