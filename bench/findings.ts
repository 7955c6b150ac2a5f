import chromium from '@sparticuz/chromium';
import { chromium as browsers, type Page } from 'playwright-core';
import { inWorkspace } from '#db/scope.ts';
import { noticeGrowth } from '#db/statistics.ts';
import { type Account, openAccount } from '#tests/account.ts';
import { anAnalysis, type StoryDeal, storyRules } from '#tests/analysis-story.ts';
import { type House, raiseHouse } from '#tests/house.ts';
import { asMs, median, percentile, type Row } from './table.ts';

const FINDINGS = 20_000;
const EACH = 2;
const OWNERS = 12;
const stages = ['discovery', 'qualification', 'proposal', 'negotiation'];

/** Runs in the browser: presses what narrows the list and answers when other rows stand there. */
const narrowing = `(async ([section, at]) => {
  const count = () => document.querySelector('table[aria-rowcount]')?.getAttribute('aria-rowcount');
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const buttons = document.querySelectorAll('section[aria-label="' + section + '"] [aria-pressed]');
  const before = count();
  const began = performance.now();
  buttons[at].click();
  while (count() === before && performance.now() - began < 5000) await frame();
  await frame();
  return performance.now() - began;
})`;

/** The page of a review with many findings: when its first rows stand, and how fast a filter answers. */
export async function measure(folder: string): Promise<Row[]> {
  const house = await raiseHouse(folder);
  await house.kill('worker');
  const account = await openAccount(house.url);
  const id = await fill(house, account);
  const browser = await browsers.launch({
    args: [...chromium.args, '--disable-background-networking'],
    executablePath: await chromium.executablePath(),
    headless: true,
  });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${house.url}/sign-in`);
  await page.getByLabel('Email').fill(account.email);
  await page.getByLabel('Password', { exact: true }).fill(account.password);
  await page.keyboard.press('Enter');
  await page.waitForURL((at) => !at.pathname.includes('sign-in'));

  const painted = await paint(page, `${house.url}/reviews/${id}`);
  const filtered = await filter(page);
  await browser.close();
  await house.stop();
  return [
    {
      what: `results of ${FINDINGS.toLocaleString('en')} findings: the first rows stand`,
      ours: asMs(median(painted)),
      must: '≤ 1.5 s',
      holds: median(painted) <= 1500,
    },
    {
      what: `results of ${FINDINGS.toLocaleString('en')} findings: a filter answers`,
      ours: `median ${asMs(median(filtered))}, p90 ${asMs(percentile(filtered, 0.9))}`,
      must: '≤ 100 ms',
      holds: percentile(filtered, 0.9) <= 100,
    },
  ];
}

async function fill({ db }: House, { workspaceId, userId }: Account): Promise<string> {
  const deals: StoryDeal[] = Array.from({ length: FINDINGS / EACH }, (_, index) => ({
    ...{ name: `Deal ${index + 1}`, subject: `deal-${index + 1}`, company: `Firm ${index % 900}` },
    ...{ owner: `Owner ${index % OWNERS}.`, ownerId: `owner-${index % OWNERS}` },
    ...{ stage: stages[index % stages.length]!, amountCents: ((index * 7919) % 90_000) * 100 },
    health: 30 + ((index * 31) % 65),
    fires: Array.from({ length: EACH }, (_, at) => storyRules[(index + at * 2) % 5]!.id),
  }));
  const id = await inWorkspace(db, { workspaceId, actor: userId }, (scope) =>
    anAnalysis(scope, { deals }),
  );
  // As a worker does with what it has filled.
  await noticeGrowth(db);
  return id;
}

async function paint(page: Page, address: string): Promise<number[]> {
  const times = [];
  for (let round = 0; round < 5; round += 1) {
    await page.goto('about:blank');
    const began = performance.now();
    await page.goto(address, { waitUntil: 'commit' });
    await page
      .locator('tr', { hasText: /Deal \d+/ })
      .first()
      .waitFor();
    times.push(performance.now() - began);
  }
  return times;
}

/** Each filter is set and taken away again; the first two warm it up. */
async function filter(page: Page): Promise<number[]> {
  const times = [];
  for (const section of ['By category', 'By owner']) {
    for (let turn = 0; turn < 12; turn += 1) {
      const which = JSON.stringify([section, Math.floor(turn / 4)]);
      times.push(await page.evaluate<number>(`${narrowing}(${which})`));
    }
  }
  return times.slice(2);
}
