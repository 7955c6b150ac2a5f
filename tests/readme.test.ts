import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { settings } from '#env.ts';

test('the README links only to files that are there and names only settings that exist', async () => {
  const text = await readFile('README.md', 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path]) => path!);
  expect(links.length).toBeGreaterThanOrEqual(6);
  expect(links.filter((path) => !existsSync(path))).toEqual([]);
  const folders = [...text.matchAll(/^\| ((?:`[a-z]+\/`(?:, )?)+)/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`([a-z]+)\/`/g)].map(([, name]) => name!),
  );
  expect(folders.filter((name) => !existsSync(name))).toEqual([]);
  const named = [...text.matchAll(/`([A-Z][A-Z_]{3,})[`=]/g)].map(([, name]) => name!);
  const known = [...Object.keys(settings.shape), 'POSTGRES_PASSWORD'];
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
});
