import { expect, test } from 'vitest';
import { load } from './+page.ts';

type Given = Parameters<typeof load>[0];

/** Loads the page of this address and answers what it shows and what it asked the API for. */
async function shown(address: string) {
  const asked: string[] = [];
  async function fetch(path: RequestInfo | URL): Promise<Response> {
    asked.push(String(path));
    return Response.json({ items: [], next: null });
  }
  const url = new URL(address, 'http://throughline.example');
  const page = await load({ fetch, url, depends: () => undefined } as unknown as Given);
  return { page: page as Record<string, unknown>, asked };
}

test('the address of the list of leads says what it shows, so that a bookmark shows the same', async () => {
  const address =
    '/leads?view=stale&q=acme&status=new&source=website&owner=dana&tag=vip&sort=score';
  const { page, asked } = await shown(address);
  expect(page).toMatchObject({
    ...{ view: 'stale', sort: 'score' },
    set: { q: 'acme', status: 'new', source: 'website', owner: 'dana', tag: 'vip' },
  });
  const list = new URL(
    asked.find((path) => /^\/api\/leads\?/.test(path))!,
    'http://x.example',
  );
  expect(Object.fromEntries(list.searchParams)).toMatchObject({
    ...{ view: 'stale', q: 'acme', status: 'new', source: 'website', owner: 'dana', tag: 'vip' },
    sort: 'score',
  });
});

test('a bare address shows all leads, the newest first', async () => {
  const { page, asked } = await shown('/leads');
  expect(page).toMatchObject({ view: 'all', sort: 'newest' });
  expect(asked).toContain('/api/leads?sort=newest&limit=100');
});
