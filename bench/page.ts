import { gzipSync } from 'node:zlib';
import chromium from '@sparticuz/chromium';
import { chromium as browsers } from 'playwright-core';
import { openAccount } from '#tests/account.ts';
import { raiseHouse } from '#tests/house.ts';
import { people, receive } from './crowd.ts';
import { median, type Row } from './table.ts';

const KB = 1024;
/** A frame at 60 per second, and a little for the clock that measures it. */
const FRAME = 1000 / 60 + 0.5;

/** Runs in the browser: scrolls the page's list and answers how long each frame took. */
const scrolling = `(async () => {
  const list = [...document.querySelectorAll('*')].find(
    (one) =>
      one.scrollHeight > one.clientHeight + 400 &&
      ['auto', 'scroll'].includes(getComputedStyle(one).overflowY),
  ) ?? document.documentElement;
  const times = [];
  let last = performance.now();
  for (let frame = 0; frame < 240; frame += 1) {
    list.scrollTop += 40;
    const now = await new Promise((resolve) => requestAnimationFrame(resolve));
    times.push(now - last);
    last = now;
  }
  return times.slice(10);
})()`;

/** What the browser must fetch before the first page stands, and how a list of a thousand rows scrolls. */
export async function measure(folder: string): Promise<Row[]> {
  const house = await raiseHouse(folder);
  const account = await openAccount(house.url);
  await receive(house, account, people(1000));
  const browser = await browsers.launch({
    args: [...chromium.args, '--disable-background-networking'],
    executablePath: await chromium.executablePath(),
    headless: true,
  });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });

  let bytes = 0;
  page.on('response', (response) => {
    if (!/\.js(\?|$)/.test(response.url())) return;
    void response.body().then(
      (body) => (bytes += gzipSync(body).length),
      () => undefined,
    );
  });
  await page.goto(`${house.url}/sign-in`);
  await page.waitForLoadState('networkidle');
  const signIn = bytes;
  await page.getByLabel('Email').fill(account.email);
  await page.getByLabel('Password', { exact: true }).fill(account.password);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => !url.pathname.includes('sign-in'));
  await page.goto(`${house.url}/leads`);
  await page.getByRole('row').nth(5).waitFor();
  await page.waitForLoadState('networkidle');

  const frames = await page.evaluate<number[]>(scrolling);
  await browser.close();
  await house.stop();

  const frame = median(frames);
  const onTime = frames.filter((time) => time <= FRAME * 1.5).length / frames.length;
  return [
    {
      what: 'JS of the first page, gzipped',
      ours: `${Math.round(signIn / KB)} kB`,
      must: '≤ 150 kB',
      holds: signIn > 0 && signIn <= 150 * KB,
    },
    {
      what: 'a list of 1,000 rows scrolls',
      ours: `${Math.round(1000 / frame)} fps, ${Math.round(onTime * 100)} % of frames on time`,
      must: '60 fps',
      holds: frame <= FRAME,
    },
  ];
}
