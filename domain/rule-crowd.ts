/**
 * What can only be known of many deals together. Small, whatever the number of deals, and plain data: reckoned once,
 * then laid beside the facts of each deal. Only open deals count, but for `medianCycleDays`.
 */
export interface Crowd {
  /** Of the amounts above 0; nothing without one. */
  medianCents: number | null;
  /** From making to winning, of the deals that were won; nothing without one. */
  medianCycleDays: number | null;
  /** By `twinKey(company, amount)`, how many deals are alike; those that are alone are left out. */
  twins: Record<string, number>;
  /** By the quarter of the close date, as in 2026-Q1: what closes in it, and in its last seven days. */
  quarters: Record<string, { cents: number; lastWeekCents: number }>;
  /** By `quotaKey(owner, month)`: percent of the quota that won and weighted deals of the month leave open, 0 to 100. */
  quotaGaps: Record<string, number>;
}

/** What makes two deals look like one: the same company and the same amount. */
export function twinKey(company: string, amountCents: number): string {
  return `${company.trim().toLowerCase()} ${amountCents}`;
}

/** The owner’s id, or the name where a file has no more, and a month such as 2026-03. */
export function quotaKey(owner: string, month: string): string {
  return `${owner} ${month}`;
}

/** The quarter of a day, as in 2026-Q1. */
export function quarterOf(day: string): string {
  return `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
}

/** The last day of a quarter. */
export function quarterEnd(quarter: string): string {
  return `${quarter.slice(0, 5)}${['03-31', '06-30', '09-30', '12-31'][Number(quarter.at(-1)) - 1]}`;
}
