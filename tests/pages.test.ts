import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const pages = globSync('ui/src/routes/**/+page.svelte').map((file) =>
  file.replace(/^ui\/src\/routes|\/\([^)]*\)|\/\+page\.svelte$/g, ''),
);

test('every place of the navigation is a page, and a lead, a sequence and a walk have a page of their own', () => {
  const nav = readFileSync('ui/src/lib/nav.ts', 'utf8');
  const places = [...nav.matchAll(/href: '([^']+)'/g)].map(([, href]) => href!);
  expect(places).toContain('/leads');
  const wanted = [...places, '/leads/[id]', '/sequences/[id]', '/enrolments/[id]'];
  expect(wanted.filter((path) => !pages.includes(path))).toEqual([]);
});

test('signing in, signing up, the first workspace and an invitation are pages of their own', () => {
  expect(pages).toEqual(
    expect.arrayContaining(['/sign-in', '/sign-up', '/welcome', '/invite/[token]']),
  );
});
