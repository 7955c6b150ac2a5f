import type { Dashboard } from '#domain/dashboard.ts';
import { addressOf } from './address.ts';

/** The address of the list behind a number, as the API names it; deals are listed, not laid out on the board. */
export function behind(href: string): string {
  const [path = '/', query = ''] = href.split('?');
  const words = Object.fromEntries(new URLSearchParams(query));
  return addressOf(path, path === '/deals' ? { view: 'table', ...words } : words);
}

export const steps: Record<Dashboard['funnel']['steps'][number]['name'], string> = {
  new: 'New leads',
  contacted: 'Contacted',
  qualified: 'Qualified',
  open_deal: 'Open deal',
  won: 'Won',
};

export const periods: { value: Dashboard['period']['name']; label: string }[] = [
  { value: 'month', label: 'Month' },
  { value: 'quarter', label: 'Quarter' },
  { value: 'year', label: 'Year' },
];

/** A step of the funnel by the name that the API gives it. */
export function stepOf(name: string): string {
  return steps[name as keyof typeof steps] ?? name;
}

/** How large a part of the largest is, in percent; what there is at all can be seen. */
export function shareOf(part: number, whole: number): number {
  if (part <= 0 || whole <= 0) return 0;
  return Math.max(1, Math.min(100, (part / whole) * 100));
}
