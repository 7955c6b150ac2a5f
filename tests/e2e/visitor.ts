import { readFile } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Product } from './product.ts';

/** A window of its own, so that one journey's cookie is not another's. */
export async function openWindow(product: Product): Promise<Page> {
  const context = await product.browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(20_000);
  return context.newPage();
}

export async function signIn(page: Page, { house, demo }: Product): Promise<void> {
  await page.goto(`${house.url}/sign-in`);
  await page.getByLabel('Work email').fill(demo.email);
  await page.getByLabel('Password', { exact: true }).fill(demo.password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Today', level: 1 }).waitFor();
}

export async function open(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name }).first().click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
  // The page bears its name before it is there.
  await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'hidden' });
}

/** Who would be shut out of what stands there: what axe finds in light, and what of it is a matter of colour in dark. */
export async function barriersOn(page: Page): Promise<string[]> {
  const light = await axeOn(page)
    .options({ resultTypes: ['violations'] })
    .analyze();
  await page.evaluate(`document.documentElement.classList.add('dark')`);
  const dark = await axeOn(page).withRules(['color-contrast']).analyze();
  await page.evaluate(`document.documentElement.classList.remove('dark')`);
  return Object.entries({ light, dark }).flatMap(([theme, { violations }]) =>
    violations.map(({ id, nodes }) => `${theme}: ${id} at ${nodes[0]?.html.slice(0, 160)}`),
  );
}

/** Mails stand in frames in which no script runs, axe's neither: only the page itself is asked. */
function axeOn(page: Page): AxeBuilder {
  return new AxeBuilder({ page }).setLegacyMode();
}

/** Opens a question that cannot be taken back, by the keyboard alone, thinks better of it, and then does it after all. */
export async function confirm(page: Page, opener: Locator, does: string): Promise<void> {
  const question = page.getByRole('dialog').filter({ hasText: does });
  await opener.press('Enter');
  await question.waitFor();
  expect(await barriersOn(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await question.waitFor({ state: 'hidden' });
  await opener.press('Enter');
  await question.waitFor();
  await page.keyboard.press('ControlOrMeta+Enter');
  await question.waitFor({ state: 'hidden' });
}

export async function choose(page: Page, kind: string): Promise<void> {
  await page.getByRole('combobox').last().fill(kind);
  await page.getByRole('option').filter({ hasText: kind }).first().click();
}

/** The first mail goes at once, whatever the hour of the test. */
export async function sendAlways(page: Page): Promise<void> {
  for (const day of ['Sat', 'Sun']) {
    const button = page.getByRole('button', { name: day, exact: true });
    if ((await button.getAttribute('aria-pressed')) !== 'true') await button.click();
  }
  await page.getByLabel('From', { exact: true }).first().fill('00:00');
  await page.getByLabel('To', { exact: true }).fill('24:00');
  await page.keyboard.press('Tab');
  await page.getByLabel('Public holidays of').selectOption('none');
}

/** The calls of the README's first example, as it prints them. */
export async function readmeCalls(): Promise<{ path: string; body: string }[]> {
  const text = (await readFile('README.md', 'utf8')).replaceAll('\\\n', ' ');
  return [...text.matchAll(/^curl .*?localhost:3000(\S+).* -d '(.*)'$/gm)].map(
    ([, path, body]) => ({ path: path!, body: body! }),
  );
}
