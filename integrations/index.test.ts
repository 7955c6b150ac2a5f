import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { integrations } from './index.ts';

/** Folders that read and keep formats, or look things up by themselves, and are no outside system. */
const formats = ['mail', 'files', 'blobs', 'offline'];

test('every folder of an outside system stands in the list and the other way round', () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !formats.includes(entry.name))
    .map(({ name }) => name);
  expect(integrations.map(({ name }) => name).toSorted()).toEqual(folders.toSorted());
});

test('a form can be drawn from the settings of every integration', async () => {
  const { z } = await import('zod');
  for (const { settings, secrets } of integrations) {
    expect(z.toJSONSchema(settings, { io: 'input' })).toMatchObject({ type: 'object' });
    if (secrets) expect(z.toJSONSchema(secrets, { io: 'input' })).toMatchObject({ type: 'object' });
  }
});

test('a webhook without a signing secret cannot be configured', () => {
  for (const { name, webhook, secrets } of integrations) {
    if (!webhook) continue;
    expect(secrets?.safeParse({ secret: '' }).success, name).toBe(false);
    expect(secrets?.safeParse({}).success, name).toBe(false);
  }
});
