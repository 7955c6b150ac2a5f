import { severities } from '#domain/rule.ts';
import type { Filter } from './components/FilterChip.svelte';
import { asCount } from './format.ts';
import { categoryNames, ownersOf, type Results, severityLooks, type Summary } from './result.ts';

/** What narrows the deals of a review; each is one word of the address and of the API. */
export const narrowing = [
  ...(['severity', 'category', 'rule', 'owner', 'stage', 'change'] as const),
  'search' as const,
];
export type Narrowing = Partial<Record<(typeof narrowing)[number], string>>;

const most = 300;

/** The chips of a review: only what occurs in it, the most frequent first. */
export function filtersOf(
  summary: Summary,
  rules: Results['rules'],
  stageNames: Record<string, string> = {},
): Filter[] {
  const filters: Filter[] = [
    {
      ...{ field: 'severity', label: 'Severity' },
      choices: severities.map((id) => ({ id, label: severityLooks[id].label })),
    },
    {
      ...{ field: 'category', label: 'Category' },
      choices: Object.keys(summary.category ?? {}).map((id) => ({
        ...{ id, label: categoryNames[id as keyof typeof categoryNames] ?? id },
      })),
    },
    {
      ...{ field: 'rule', label: 'Rule' },
      choices: rules.map(({ id, name, count }) => ({ id, label: name, detail: String(count) })),
    },
    {
      ...{ field: 'owner', label: 'Owner' },
      choices: onceEach(ownersOf(summary))
        .slice(0, most)
        .map(({ id, name, deals }) => ({
          ...{ id, label: name, avatar: name, detail: asCount(deals, 'deal') },
        })),
    },
    {
      ...{ field: 'stage', label: 'Stage' },
      choices: Object.keys(summary.stage ?? {})
        .slice(0, most)
        .map((id) => ({ id, label: stageNames[id] ?? id })),
    },
  ];
  if (!summary.change) return filters;
  return [
    ...filters,
    {
      ...{ field: 'change', label: 'Since last time', operator: '' },
      choices: [
        { id: 'new', label: 'new', detail: String(summary.change.new) },
        { id: 'still', label: 'still there', detail: String(summary.change.still) },
        { id: 'fixed', label: 'fixed', detail: String(summary.change.fixed) },
      ],
    },
  ];
}

/** One member may stand in a file under several names. */
function onceEach<Item extends { id: string }>(items: Item[]): Item[] {
  return [...new Map(items.map((item) => [item.id, item])).values()];
}
