import { readdir, readFile } from 'node:fs/promises';
import { Worker } from '@temporalio/worker';
import { expect, inject, test } from 'vitest';
import { stories } from './stories.ts';

const folder = new URL('./', import.meta.url);
const files = (await readdir(folder)).filter((name) => name.endsWith('.json'));

test('every story has been recorded', () => {
  expect(files.map((name) => name.replace('.json', ''))).toEqual(
    expect.arrayContaining(Object.keys(stories)),
  );
});

test.each(files)('people in the middle of %s walk on with the code of today', async (name) => {
  const history = JSON.parse(await readFile(new URL(name, folder), 'utf8')) as unknown;
  const workflowBundle = { codePath: inject('bundlePath') };
  await expect(Worker.runReplayHistory({ workflowBundle }, history)).resolves.toBeUndefined();
});
