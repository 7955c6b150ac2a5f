import { keep, type Kept, type Page } from '#lib/api.ts';
import type { Need } from '#lib/today.ts';
import type { PageLoad } from './$types';

export type View = 'queue' | 'snoozed' | 'done';

export const load: PageLoad = async ({ fetch, url, depends, parent }) => {
  depends('api:leads', 'api:today');
  const view = viewIn(url);
  const counting = keep<{ all: number }>(fetch, '/leads/counts');
  const list = view === 'queue' ? queueOf(await parent()) : await listOf(fetch, view);
  return { view, list, leads: (await counting).value?.all };
};

function viewIn(url: URL): View {
  const asked = url.searchParams.get('view');
  return asked === 'snoozed' || asked === 'done' ? asked : 'queue';
}

function queueOf({ today = {} }: { today?: Kept<{ items: Need[] }> }): Kept<Need[]> {
  const { value, ...rest } = today;
  return { ...rest, value: value?.items };
}

async function listOf(
  fetch: typeof globalThis.fetch,
  view: 'snoozed' | 'done',
): Promise<Kept<Need[]>> {
  const { value, ...rest } = await keep<Page<Need>>(fetch, `/today/${view}`);
  return { ...rest, value: value?.items };
}
