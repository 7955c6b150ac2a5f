import type { Counts } from './+page.ts';

export interface View {
  id: string;
  label: string;
  count: keyof Counts;
}

export const views: View[] = [
  { id: 'all', label: 'All leads', count: 'all' },
  { id: 'mine', label: 'My open', count: 'mine' },
  { id: 'new', label: 'New', count: 'new' },
  { id: 'needs-action', label: 'Needs action', count: 'needsAction' },
  { id: 'stale', label: 'Stale', count: 'stale' },
];

/** What chips can say; each is one parameter of the address. */
export const fields = ['q', 'status', 'source', 'owner', 'tag', 'stale'] as const;

export function viewOf(id: string | null): View {
  return views.find((view) => view.id === id) ?? views[0]!;
}
