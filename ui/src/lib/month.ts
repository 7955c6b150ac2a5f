const names = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];

/** `March`, of 2026-03 or of a day in it. */
export function asMonth(month: string): string {
  return names[Number(month.slice(5, 7)) - 1] ?? month;
}

/** `Mar 2026`. */
export function asMonthOfYear(month: string): string {
  return `${asMonth(month).slice(0, 3)} ${month.slice(0, 4)}`;
}

/** `Fri 13 Mar` of a calendar date, in no zone at all. */
export function asDate(date: string): string {
  const day = new Date(`${date}T00:00:00Z`);
  const weekday = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][day.getUTCDay()];
  return `${weekday} ${day.getUTCDate()} ${asMonth(date).slice(0, 3)}`;
}

/** So many days after a calendar date, or before it. */
export function dateAfter(date: string, days: number): string {
  const day = new Date(`${date}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}

/** The Monday of its week. */
export function mondayOf(date: string): string {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return dateAfter(date, -((weekday + 6) % 7));
}

/** The first day of the month after. */
export function nextMonth(month: string): string {
  const [year, number] = [Number(month.slice(0, 4)), Number(month.slice(5, 7))];
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 10);
}
