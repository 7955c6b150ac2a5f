const DAY = 24 * 60 * 60 * 1000;

/** The first day of the month, quarter or year of a day. */
export function beginOf(period: 'month' | 'quarter' | 'year', day: string): string {
  const month = Number(day.slice(5, 7));
  const first = { month, quarter: month - ((month - 1) % 3), year: 1 }[period];
  return `${day.slice(0, 4)}-${String(first).padStart(2, '0')}-01`;
}

/** The Monday of the week of a day. */
export function mondayOf(day: string): string {
  // The fourth of January 1970 was a Sunday.
  const weekday = (Math.floor(Date.parse(day) / DAY) + 3) % 7;
  return daysBefore(day, weekday);
}

export function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * DAY).toISOString().slice(0, 10);
}

/** The first day of the month so many months before that of a day. */
export function monthsBefore(day: string, months: number): string {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))];
  return new Date(Date.UTC(year, month - 1 - months, 1)).toISOString().slice(0, 10);
}
