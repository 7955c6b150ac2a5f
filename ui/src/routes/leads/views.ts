import type { Filter } from '#lib/components/FilterChip.svelte';
import { asDate } from '#lib/month.ts';
import type { Counts } from './+page.ts';

export interface View {
  id: string;
  label: string;
  count?: keyof Counts;
  /** Only shown while it is looked at: a number somewhere else leads there. */
  isQuiet?: boolean;
}

export const views: View[] = [
  { id: 'all', label: 'All leads', count: 'all' },
  { id: 'mine', label: 'My open', count: 'mine' },
  { id: 'new', label: 'New', count: 'new' },
  { id: 'needs-action', label: 'Needs action', count: 'needsAction' },
  { id: 'stale', label: 'Stale', count: 'stale' },
  { id: 'active', label: 'Active', isQuiet: true },
  { id: 'overdue', label: 'Overdue', isQuiet: true },
];

/** What chips can say; each is one parameter of the address. */
export const fields = [
  ...(['q', 'status', 'source', 'owner', 'tag', 'stale', 'createdAfter', 'reached'] as const),
] as const;

const steps = { contacted: 'Contacted', qualified: 'Qualified', converted: 'A deal', won: 'Won' };

/** What links from figures narrow the list by; there is a chip only when one came that way. */
export function filtersOfLinks(set: Record<string, string | undefined>): Filter[] {
  const { createdAfter, reached } = set;
  return [
    ...(createdAfter ? [only('createdAfter', 'Came in', createdAfter, asDate(createdAfter))] : []),
    ...(reached ? [only('reached', 'Reached', reached, steps[reached as 'won'] ?? reached)] : []),
  ];
}

function only(field: string, label: string, id: string, name: string): Filter {
  const operator = field === 'createdAfter' ? 'from' : undefined;
  return { field, label, operator, choices: [{ id, label: name }] };
}

export function viewOf(id: string | null): View {
  return views.find((view) => view.id === id) ?? views[0]!;
}
