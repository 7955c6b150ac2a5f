interface Period {
  id: string;
  label: string;
  /** The instant it begins with; nothing when it has no beginning. */
  since: (now: Date) => string | undefined;
}

export const periods: Period[] = [
  { id: 'month', label: 'This month', since: (now) => startOf(now.getFullYear(), now.getMonth()) },
  {
    ...{ id: 'quarter', label: 'This quarter' },
    since: (now) => startOf(now.getFullYear(), now.getMonth() - (now.getMonth() % 3)),
  },
  { id: 'year', label: 'This year', since: (now) => startOf(now.getFullYear(), 0) },
  { id: 'all', label: 'All time', since: () => undefined },
];

export function periodOf(id: string | null): Period {
  return periods.find((period) => period.id === id) ?? periods[1]!;
}

function startOf(year: number, month: number): string {
  return new Date(year, month, 1).toISOString();
}
