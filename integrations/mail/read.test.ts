import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readMail } from './read.ts';

const folder = new URL('../../tests/fixtures/email/', import.meta.url);

test('saved bounces, complaints, auto-replies and plain mails are told apart in at least 97 of 100', async () => {
  const wrong: string[] = [];
  const names = ['bounces', 'not-bounces'].flatMap((of) =>
    readdirSync(new URL(`${of}/`, folder)).map((name) => `${of}/${name}`),
  );
  for (const name of names) {
    const { kind } = await readMail(readFileSync(new URL(name, folder)));
    if (!wanted(name).includes(kind)) wrong.push(`${name} = ${kind}`);
  }
  const share = (names.length - wrong.length) / names.length;
  console.info(
    `mails: ${names.length - wrong.length} of ${names.length} told apart (${(share * 100).toFixed(1)} %)`,
    wrong.join(', '),
  );
  expect(names).toHaveLength(184);
  expect(share).toBeGreaterThanOrEqual(0.97);
});

function wanted(name: string): string[] {
  if (name.startsWith('not-bounces/')) return ['reply', 'other'];
  if (name.startsWith('bounces/arf-')) return ['complaint'];
  if (name.startsWith('bounces/rfc3834-')) return ['auto-reply'];
  return ['bounce'];
}
