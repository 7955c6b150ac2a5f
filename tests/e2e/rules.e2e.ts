import type { Locator, Page } from 'playwright-core';
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

test('a manager writes a rule with live results in form and YAML and sees it fire once it is published', async () => {
  const page = await openWindow(product);
  await signIn(page, product);
  await open(page, 'Rules');
  await page.keyboard.press('n');
  await page.getByRole('dialog').getByLabel('Name').fill('Any deal at all');
  await page.keyboard.press('ControlOrMeta+Enter');
  await page.getByRole('heading', { level: 2, name: 'Any deal at all' }).waitFor();
  const live = page.getByRole('region', { name: 'On your deals now' });
  await live.getByRole('table').waitFor();

  // The form: any amount above one dollar, whatever its next step.
  await page.getByRole('button', { name: 'Take out 2' }).click();
  await page.getByRole('textbox', { name: 'Value 1' }).fill('1');
  const yaml = page.getByRole('textbox', { name: 'The rule as YAML' });
  await expect.poll(() => textOf(yaml)).toMatch(/amount: \{ value: 100,/);
  await live.getByText(/\d+ fire, \d+ of them new/).waitFor();
  const fires = Number(/^(\d+) fire/.exec(await live.getByRole('status').innerText())![1]);
  expect(fires).toBeGreaterThan(3);
  await live.getByRole('row').filter({ hasText: 'Bauer Cold Storage' }).getByText('New').waitFor();

  // The YAML: what is typed there is in the form, and a mistake is told with its line.
  await replaceIn(page, yaml, 'severity: WARNING', 'severity: GRAVE');
  const verdict = page.getByRole('status', { name: 'Is it valid' });
  await verdict.getByText(/^Line 4: /).waitFor();
  await expect.poll(() => page.locator('.cm-lintRange-error').count()).toBeGreaterThan(0);
  expect(await page.getByRole('button', { name: 'Publish' }).isDisabled()).toBe(true);
  await replaceIn(page, yaml, 'severity: GRAVE', 'severity: CRITICAL');
  await verdict.getByText('Valid; it has no examples yet').waitFor();
  await expect.poll(() => page.getByLabel('Severity').inputValue()).toBe('CRITICAL');
  await page.getByText('Draft kept').waitFor();
  expect(await barriersOn(page)).toEqual([]);

  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByText('Published: Any deal at all').waitFor();
  await page.getByRole('group', { name: 'Which rules' }).getByText('Custom').click();
  const row = page.getByRole('row').filter({ hasText: 'Any deal at all' });
  await row.getByText('Critical').waitFor();
  await expect.poll(() => row.getByRole('cell').last().innerText()).toMatch(`${fires}`);
  await page.getByRole('button', { name: 'History' }).click();
  await page.getByRole('list', { name: 'Versions' }).getByText('Published').waitFor();

  await confirm(page, page.getByRole('button', { name: 'Delete this rule' }), 'Delete the rule');
  await page.getByText('Deleted: Any deal at all').waitFor();
  await row.waitFor({ state: 'hidden' });
  await page.context().close();
});

test('a manager sets a threshold otherwise and resets it and switches a rule off', async () => {
  const page = await openWindow(product);
  await signIn(page, product);
  await open(page, 'Rules');
  await page.getByLabel('Filter rules by name').fill('low probability');
  const row = page.getByRole('row').filter({ hasText: 'Large deal with low probability' });
  await row.getByText('$50,000, 40%').waitFor();
  await page.getByText('Close date past').waitFor({ state: 'hidden' });
  await row.getByRole('link').click();
  const live = page.getByRole('region', { name: 'On your deals now' });
  await live.getByRole('table').waitFor();
  const threshold = page.getByRole('spinbutton').first();
  expect(await threshold.inputValue()).toBe('50000');
  await threshold.fill('20000');
  await page.getByText('usual: $50,000').waitFor();
  await live.getByText(/of them new/).waitFor();
  await page.getByRole('button', { name: 'Publish' }).click();
  await row.getByText('$20,000, 40%').waitFor();
  await page.getByRole('group', { name: 'Which rules' }).getByText('Changed').click();
  await row.getByRole('button', { name: /^Reset the threshold/ }).click();
  await page.getByText('Threshold reset: Large deal with low probability').waitFor();
  await page.getByText('No rule fits').waitFor();
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect.poll(() => threshold.inputValue()).toBe('50000');

  const watch = page.getByRole('switch', { name: 'Watch Closes soon, quiet' });
  await watch.uncheck();
  await page.getByText('Not watched: Closes soon, quiet').waitFor();
  await page.keyboard.press('z');
  await expect.poll(() => watch.isChecked()).toBe(true);
  await page.getByText(/^Pipeline health/).click();
  await page
    .getByText(/weighted|amount/i)
    .first()
    .waitFor();
  const file = await page.request.get(`${product.house.url}/api/rules/export.yaml`);
  expect(await file.text()).toMatch(/id: closing_7d_no_activity/);
  await page.context().close();
});

test('the editor of YAML is loaded only where a rule is open', async () => {
  const page = await openWindow(product);
  const scripts: string[] = [];
  page.on('response', (response) => {
    if (response.url().endsWith('.js'))
      void response.text().then((text) => text.includes('cm-lintRange') && scripts.push(text));
  });
  await signIn(page, product);
  await open(page, 'Rules');
  await page.getByRole('table', { name: 'Rules' }).waitFor();
  expect(scripts).toEqual([]);
  await page.getByRole('link', { name: 'Closes soon, quiet' }).click();
  await page.getByRole('textbox', { name: 'The rule as YAML' }).waitFor();
  await expect.poll(() => scripts.length).toBeGreaterThan(0);
  await page.context().close();
});

/** The text of an editor without the numbers of its lines. */
function textOf(editor: Locator): Promise<string> {
  return editor
    .locator('.cm-line')
    .allInnerTexts()
    .then((lines) => lines.join('\n'));
}

/** Selects a line that says something, and types another in its place. */
async function replaceIn(page: Page, editor: Locator, before: string, after: string) {
  await editor.locator('.cm-line').filter({ hasText: before }).click();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+End');
  await page.keyboard.type(after);
}
