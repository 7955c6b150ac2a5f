import type { TodayItem } from '#domain/task.ts';

export type { Today, TodayItem as Need } from '#domain/task.ts';
type Need = TodayItem;

const HOUR = 60 * 60 * 1000;

/** What each kind asks for: one verb, one key. */
export const verbs: Record<Need['kind'], { label: string; keys: string; channel: string }> = {
  reply: { label: 'Reply', keys: 'r', channel: 'sms' },
  call: { label: 'Call', keys: 'c', channel: 'call' },
  task: { label: 'Done', keys: 'd', channel: 'task' },
  blocked: { label: 'Fix', keys: 'f', channel: 'email' },
  unknown: { label: 'Check', keys: 'f', channel: 'unknown' },
  unassigned: { label: 'Assign', keys: 'a', channel: 'person' },
};

/** Groups in the order they stand, each in the order it came; empty ones are left out. */
export function groupsOf(items: Need[], now: Date): { title: string; items: Need[] }[] {
  const tonight = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).getTime();
  const titles = ['Now', 'Later today', 'Coming days'] as const;
  const groups = Object.groupBy(items, ({ dueAt, kind }): (typeof titles)[number] => {
    if (!dueAt) return kind === 'task' ? 'Later today' : 'Now';
    const due = Date.parse(dueAt);
    if (due < now.getTime() + HOUR) return 'Now';
    return due < tonight ? 'Later today' : 'Coming days';
  });
  return titles.flatMap((title) => (groups[title] ? [{ title, items: groups[title] }] : []));
}

/** Times that something can be put off to, in the viewer's zone. */
export function laterThan(now: Date): { id: string; label: string }[] {
  function morning(days: number): Date {
    return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 9);
  }
  const toMonday = (8 - now.getDay()) % 7 || 7;
  return [
    { id: new Date(now.getTime() + HOUR).toISOString(), label: 'In an hour' },
    { id: new Date(now.getTime() + 3 * HOUR).toISOString(), label: 'In three hours' },
    { id: morning(1).toISOString(), label: 'Tomorrow morning' },
    ...(toMonday === 1 ? [] : [{ id: morning(toMonday).toISOString(), label: 'Monday morning' }]),
  ];
}
