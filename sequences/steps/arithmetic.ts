import { type Duration, type Unit, unitOf } from '#domain/sequence.ts';

const SECOND = 1000;
const lengths: Record<Unit, number> = {
  seconds: SECOND,
  minutes: 60 * SECOND,
  hours: 3600 * SECOND,
  days: 24 * 3600 * SECOND,
  businessDays: 24 * 3600 * SECOND,
};

/** When a duration is over, by a clock without a calendar: exact below a day, a first guess from there on. */
export function roughly(duration: Duration, since: string): string {
  const { unit, amount } = unitOf(duration);
  return new Date(Date.parse(since) + Math.round(amount * lengths[unit])).toISOString();
}
