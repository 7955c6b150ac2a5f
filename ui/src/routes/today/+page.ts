import { keep, type Kept, type Page, queryOf } from '#lib/api.ts';
import { needOf, type Need } from '#lib/today.ts';
import type { Task } from '#domain/task.ts';
import type { PageLoad } from './$types';

export type View = 'queue' | 'snoozed' | 'done';

export const load: PageLoad = async ({ fetch, url, depends, parent }) => {
  depends('api:leads');
  const view = (url.searchParams.get('view') ?? 'queue') as View;
  const counting = keep<{ all: number }>(fetch, '/leads/counts');
  const { me, today = {} } = await parent();
  const { value, ...rest } = today;
  if (view === 'queue') {
    const list: Kept<Need[]> = { ...rest, value: value?.items };
    return { view, list, leads: (await counting).value?.all };
  }
  const open = view === 'snoozed' ? true : undefined;
  const tasks = await keep<Page<Task>>(fetch, `/tasks${queryOf({ assignee: me?.user.id, open })}`);
  const items = tasks.value?.items.filter(view === 'snoozed' ? isSnoozed : isDoneToday).map(needOf);
  const list: Kept<Need[]> = { ...tasks, value: items };
  return { view, list, leads: (await counting).value?.all };
};

function isSnoozed({ snoozedUntil }: Task): boolean {
  return snoozedUntil !== null && Date.parse(snoozedUntil) > Date.now();
}

function isDoneToday({ doneAt }: Task): boolean {
  return doneAt !== null && new Date(doneAt).toDateString() === new Date().toDateString();
}
