import Holidays from 'date-holidays';
import type { IsHoliday } from './calendar.ts';

/** The public holidays of a country and its region, and the workspace's own days. Heavy: for servers only. */
export function holidaysOf(
  country: string | null | undefined,
  region?: string | null,
  own: readonly string[] = [],
): IsHoliday {
  const days = new Set(own);
  return (date) => days.has(date) || isPublic(country, region, date);
}

const years = new Map<string, Set<string>>();

function isPublic(
  country: string | null | undefined,
  region: string | null | undefined,
  date: string,
): boolean {
  if (!country) return false;
  const year = date.slice(0, 4);
  const key = `${country} ${region ?? ''} ${year}`.toUpperCase();
  let days = years.get(key);
  if (!days) {
    if (years.size > 2000) years.clear();
    years.set(key, (days = daysOf(country, region, Number(year))));
  }
  return days.has(date);
}

function daysOf(country: string, region: string | null | undefined, year: number): Set<string> {
  const calendar = new Holidays(country.toUpperCase());
  const states = calendar.getStates(country.toUpperCase()) ?? {};
  const state = region?.toUpperCase();
  if (state && Object.hasOwn(states, state)) calendar.init(country.toUpperCase(), state);
  const days = calendar.getHolidays(year).filter(({ type }) => type === 'public');
  return new Set(days.map(({ date }) => date.slice(0, 10)));
}
