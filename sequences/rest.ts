import type { Fact, Facts } from '#domain/condition.ts';
import {
  dayOf,
  instantOf,
  type IsHoliday,
  nextWeekday,
  plus,
  sayInstant,
} from '#domain/calendar.ts';
import { type Duration, sayDuration, type Step, unitOf, type Weekday } from '#domain/sequence.ts';
import type { Wait } from './steps/wait.ts';

/** What a wait is reckoned with: the zone of the sequence's schedule, its holidays, and the person's facts. */
export interface Reckoning {
  zone: string;
  isHoliday?: IsHoliday;
  facts?: Facts;
}

/** When a wait, or the patience of a wait-for, ends, and in which words. It never ends before it began. */
export function restOf(
  step: Step,
  since: string,
  reckoning: Reckoning,
): { until: string; because: string } {
  const { until, because } = endOf(step, since, reckoning);
  return { until: Date.parse(until) > Date.parse(since) ? until : since, because };
}

function endOf(step: Step, since: string, { zone, isHoliday, facts = {} }: Reckoning) {
  const duration = (step['for'] ?? step['timeout']) as Duration | undefined;
  if (duration) {
    const until = plus(since, duration, zone, isHoliday);
    return { until, because: `${sayDuration(duration)} after ${sayInstant(since, zone)}` };
  }
  const target = (step as unknown as Wait).until;
  if (!target) return { until: since, because: 'there is nothing to wait for' };
  if ('day' in target) {
    const days = [target.day].flat() as Weekday[];
    const until = nextWeekday(since, days, target.at, zone);
    return { until, because: `the next ${days.join(' or ')} ${target.at} (${zone})` };
  }
  const date = facts[target.field];
  const moment = momentOf(date, target.at, zone);
  if (!moment) return { until: since, because: `${target.field} is no date, so there is no wait` };
  const said = String(date).length > 10 ? sayInstant(moment, zone) : String(date);
  if (target.after) {
    const until = plus(moment, target.after, zone, isHoliday);
    return {
      until,
      because: `${sayDuration(target.after)} after ${target.field} (${said})`,
    };
  }
  if (!target.before) return { until: moment, because: `${target.field} (${said})` };
  const until = plus(moment, negative(target.before), zone, isHoliday);
  return {
    until,
    because: `${sayDuration(target.before)} before ${target.field} (${said})`,
  };
}

/** A date without a time begins at nine; a wall clock time of the step's own goes before either. */
function momentOf(date: Fact, at: string | undefined, zone: string): string | undefined {
  if (typeof date !== 'string' || Number.isNaN(Date.parse(date))) return undefined;
  if (date.length <= 10) return instantOf(date, at ?? '09:00', zone);
  const moment = new Date(Date.parse(date)).toISOString();
  return at ? instantOf(dayOf(moment, zone), at, zone) : moment;
}

function negative(duration: Duration): Duration {
  const { unit, amount } = unitOf(duration);
  return { [unit]: -amount };
}
