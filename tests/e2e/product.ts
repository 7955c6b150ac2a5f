import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as driver } from 'playwright-core';
import { seedDemo } from '#local/demo.ts';
import { buildUi } from '#local/ui.ts';
import { type House, raiseHouse } from '#tests/house.ts';

/** The product as a person finds it after the first start, and a browser to look at it with. */
export interface Product {
  house: House;
  browser: Browser;
  demo: { email: string; password: string };
  stop(): Promise<void>;
}

export async function raiseProduct(): Promise<Product> {
  const folder = await mkdtemp(join(tmpdir(), 'throughline-e2e-'));
  await buildUi();
  let demo: Product['demo'] | undefined;
  const [house, browser] = await Promise.all([
    raiseHouse(folder, {}, async (settings) => (demo = await seedDemo(settings))),
    openBrowser(),
  ]);
  return {
    ...{ house, browser, demo: demo! },
    async stop() {
      await browser.close();
      await house.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function openBrowser(): Promise<Browser> {
  return driver.launch({
    executablePath: await chromium.executablePath(),
    // In one process it closes with its first window.
    args: chromium.args.filter((arg) => !['--single-process', '--no-zygote'].includes(arg)),
  });
}
