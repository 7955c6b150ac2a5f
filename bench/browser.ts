import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as browsers, type Page } from 'playwright-core';
import type { Account } from '#tests/account.ts';
import type { House } from '#tests/house.ts';
import { OPEN_DEALS } from './fill.ts';
import { asMs, median, type Row } from './table.ts';

/** A frame at 60 per second, and a little for the clock that measures it. */
const FRAME = 1000 / 60 + 0.5;
/** Fetched when it is asked for: it is larger than the product. */
const LIGHTHOUSE = 'lighthouse@13.5.0';

/** Runs in the browser: how long each frame takes until it is told to stop. */
const watching = `(() => {
  window.frames60 = [];
  let last = performance.now();
  const next = (now) => {
    window.frames60.push(now - last);
    last = now;
    window.frames60on = requestAnimationFrame(next);
  };
  window.frames60on = requestAnimationFrame(next);
})()`;

/** The board as it is painted and dragged on, and what Lighthouse says of it and of the dashboard. */
export async function browse(house: House, account: Account): Promise<Row[]> {
  const browser = await browsers.launch({
    args: [...chromium.args, '--disable-background-networking'],
    executablePath: await chromium.executablePath(),
    headless: true,
  });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await signIn(page, house, account);
  const cookies = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`);
  const rows = [await paint(page, house), await drag(page)];
  await end(browser);
  for (const path of ['/dashboard', '/deals'])
    rows.push(await lighthouse(`${house.url}${path}`, cookies.join('; ')));
  return rows;
}

async function signIn(page: Page, { url }: House, { email, password }: Account): Promise<void> {
  await page.goto(`${url}/sign-in`);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await page.waitForURL((at) => !at.pathname.includes('sign-in'));
}

async function paint(page: Page, { url }: House): Promise<Row> {
  const times = [];
  for (let round = 0; round < 5; round += 1) {
    await page.goto('about:blank');
    const began = performance.now();
    await page.goto(`${url}/deals`, { waitUntil: 'commit' });
    await page
      .getByRole('link', { name: /^Deal \d+/ })
      .first()
      .waitFor();
    times.push(performance.now() - began);
  }
  return {
    what: `board of ${OPEN_DEALS.toLocaleString('en')} open deals: the first cards stand`,
    ours: asMs(median(times)),
    must: '≤ 1.5 s',
    holds: median(times) <= 1500,
  };
}

async function drag(page: Page): Promise<Row> {
  const card = page.locator('[data-deal]').first();
  const box = (await card.boundingBox())!;
  await page.mouse.move(box.x + 10, box.y + 8);
  await page.mouse.down();
  await page.mouse.move(box.x + 30, box.y + 20, { steps: 4 });
  await page.evaluate(watching);
  for (let lap = 0; lap < 4; lap += 1)
    await page.mouse.move(box.x + (lap % 2 ? 40 : 900), box.y + 120, { steps: 60 });
  const frames = await page.evaluate<number[]>(
    'cancelAnimationFrame(window.frames60on); window.frames60.slice(5)',
  );
  await page.keyboard.press('Escape');
  await page.mouse.up();
  const onTime = frames.filter((time) => time <= FRAME * 1.5).length / frames.length;
  return {
    what: 'a card is dragged over the board',
    ours: `${Math.round(1000 / median(frames))} fps, ${Math.round(onTime * 100)} % of frames on time`,
    must: '60 fps',
    holds: median(frames) <= FRAME,
  };
}

interface Report {
  categories: Record<'performance' | 'accessibility', { score: number }>;
  audits: Record<'largest-contentful-paint' | 'cumulative-layout-shift', { numericValue: number }>;
}

async function lighthouse(url: string, cookie: string): Promise<Row> {
  const { stdout } = await promisify(execFile)(
    'npm',
    [
      ...['exec', '--yes', `--package=${LIGHTHOUSE}`, '--', 'lighthouse', url, '--quiet'],
      ...['--output=json', '--preset=desktop', '--only-categories=performance,accessibility'],
      `--extra-headers=${JSON.stringify({ Cookie: cookie })}`,
      '--chrome-flags=--headless --no-sandbox --disable-dev-shm-usage --use-angle=swiftshader',
    ],
    {
      env: { ...process.env, CHROME_PATH: await chromium.executablePath() },
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  const { categories, audits } = JSON.parse(stdout) as Report;
  const performance = Math.round(categories.performance.score * 100);
  const accessibility = Math.round(categories.accessibility.score * 100);
  const paint = audits['largest-contentful-paint'].numericValue;
  const shift = audits['cumulative-layout-shift'].numericValue;
  return {
    what: `Lighthouse of ${new URL(url).pathname}`,
    ours: `performance ${performance}, accessibility ${accessibility}, LCP ${asMs(paint)}, CLS ${shift.toFixed(3)}`,
    must: '≥ 95, 100, ≤ 1.5 s, < 0.1',
    holds: performance >= 95 && accessibility === 100 && paint <= 1500 && shift < 0.1,
  };
}

/** A browser of one process can take its time to say goodbye. */
async function end(browser: Browser): Promise<void> {
  await Promise.race([browser.close(), new Promise((resolve) => setTimeout(resolve, 5000))]);
}
