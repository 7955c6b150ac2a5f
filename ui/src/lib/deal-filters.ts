import { memberChoices, type Member, tagChoices, type Tag } from './choices.ts';
import type { Filter } from './components/FilterChip.svelte';
import { asDate, bands, dealStates, sourceOf } from './deal.ts';

/** What chips can say; each is one parameter of the address and of the API. */
export const fields = [
  ...(['q', 'owner', 'closeBefore', 'closeAfter', 'source', 'band', 'stale', 'tag'] as const),
  ...(['status', 'stage', 'archived', 'company', 'contact', 'closedAfter'] as const),
];

export const dealSourceChoices = [
  ...['manual', 'conversion', 'import', 'hubspot', 'salesforce', 'pipedrive', 'api'],
].map((id) => ({ id, label: sourceOf(id) }));

interface Known {
  people: Member[];
  words: Tag[];
  set?: Record<string, string | undefined>;
}

export function filtersOf(
  { people, words, set }: Known,
  {
    view,
    stages,
    now,
  }: { view: string; stages: { id: string; slug: string; name: string }[]; now: Date },
): Filter[] {
  const everywhere: Filter[] = [
    {
      ...{ field: 'owner', label: 'Owner' },
      choices: [
        { id: 'me', label: 'me' },
        { id: 'none', label: 'nobody' },
        ...memberChoices(people),
      ],
    },
    { field: 'closeBefore', label: 'Closes before', operator: '', choices: datesFrom(now) },
    { field: 'closeAfter', label: 'Closes after', operator: '', choices: datesFrom(now) },
    {
      ...{ field: 'source', label: 'Source' },
      choices: dealSourceChoices,
    },
    {
      ...{ field: 'band', label: 'Risk' },
      choices: Object.entries(bands).map(([id, { label }]) => ({ id, label: label.toLowerCase() })),
    },
    {
      ...{ field: 'stale', label: 'Activity' },
      choices: [{ id: 'true', label: 'none for 14 days' }],
    },
    { field: 'tag', label: 'Tag', choices: tagChoices(words) },
  ];
  if (view === 'board') return everywhere;
  return [
    ...everywhere,
    {
      ...{ field: 'status', label: 'State' },
      choices: Object.entries(dealStates).map(([id, { label }]) => ({
        ...{ id, label: label.toLowerCase() },
      })),
    },
    {
      ...{ field: 'stage', label: 'Stage' },
      // Figures lead to one stage by its id.
      choices: stages.map(({ id, slug, name }) => ({
        id: set?.stage === id ? id : slug,
        label: name,
      })),
    },
    {
      ...{ field: 'closedAfter', label: 'Closed', operator: 'after' },
      choices: daysBack(now),
    },
    {
      ...{ field: 'archived', label: 'Shows' },
      choices: [{ id: 'true', label: 'what is archived' }],
    },
  ];
}

/** The days that people filter by: today, and where weeks, months and quarters begin. */
export function datesFrom(now: Date): { id: string; label: string; detail: string }[] {
  const [year, month] = [now.getFullYear(), now.getMonth()];
  const quarter = month - (month % 3);
  const days: [string, Date][] = [
    ['today', new Date(year, month, now.getDate())],
    ['in 7 days', new Date(year, month, now.getDate() + 7)],
    ['in 30 days', new Date(year, month, now.getDate() + 30)],
    ['start of this month', new Date(year, month, 1)],
    ['start of next month', new Date(year, month + 1, 1)],
    ['start of next quarter', new Date(year, quarter + 3, 1)],
    ['start of next year', new Date(year + 1, 0, 1)],
  ];
  const seen = new Set<string>();
  return days
    .map(([detail, at]) => ({ id: isoOf(at), label: asDate(isoOf(at), now), detail }))
    .filter(({ id }) => !seen.has(id) && seen.add(id));
}

/** Where what was won or lost is usually looked back from. */
function daysBack(now: Date): { id: string; label: string; detail?: string }[] {
  const [year, month] = [now.getFullYear(), now.getMonth()];
  const days: [string | undefined, Date][] = [
    ['start of this month', new Date(year, month, 1)],
    ['start of this quarter', new Date(year, month - (month % 3), 1)],
    ['start of this year', new Date(year, 0, 1)],
    ['90 days ago', new Date(year, month, now.getDate() - 90)],
  ];
  const seen = new Set<string>();
  return days
    .map(([detail, at]) => ({ id: isoOf(at), label: asDate(isoOf(at), now), detail }))
    .filter(({ id }) => !seen.has(id) && seen.add(id));
}

/** A calendar date of the viewer's zone. */
export function isoOf(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
