import { sourceNames } from './analysis.ts';
import type { Filter } from './components/FilterChip.svelte';

/** What the history of reviews is narrowed by. */
export const fields = ['source', 'series', 'after'] as const;

export const historyFilters: Filter[] = [
  {
    ...{ field: 'source', label: 'Source' },
    choices: Object.entries(sourceNames).map(([id, label]) => ({ id, label: label.toLowerCase() })),
  },
];
