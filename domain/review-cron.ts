import { CronPattern } from 'croner';

/** A cron of five fields as sets of numbers: what words, and Temporal's calendars, are made from. */
export interface CronFields {
  minutes: number[];
  hours: number[];
  days: number[];
  months: number[];
  /** 0 is Sunday. */
  weekdays: number[];
  lastDay: boolean;
  anyDay: boolean;
  anyWeekday: boolean;
}

/** How often a review may strike at most, in minutes. */
export const MOST_OFTEN = 15;

/** Reads a cron of five fields; throws an Error with a sentence for people when it is none that a review can have. */
export function fieldsOf(cron: string): CronFields {
  const parts = cron.trim().split(/\s+/);
  if (parts.length !== 5)
    throw new Error('A cron has five parts: minute, hour, day, month and weekday.');
  if (/[#W]|\dL/i.test(cron.replace(/[a-z]{3}/gi, '')))
    throw new Error('Of the special letters only L, the last day of a month, can be used.');
  const pattern = read(cron);
  const { starDOM: anyDay, starDOW: anyWeekday, lastDayOfMonth: lastDay } = pattern;
  const fields = {
    minutes: setIn(pattern.minute),
    hours: setIn(pattern.hour),
    days: setIn(pattern.day).map((day) => day + 1),
    months: setIn(pattern.month).map((month) => month + 1),
    weekdays: setIn(pattern.dayOfWeek.slice(0, 7)),
    ...{ lastDay, anyDay, anyWeekday },
  };
  if (closest(fields) < MOST_OFTEN)
    throw new Error(`A review can run every ${MOST_OFTEN} minutes at most.`);
  return fields;
}

/** A cron in words: `Every Monday at 06:00`. */
export function wordsOf(cron: string): string {
  const fields = fieldsOf(cron);
  const on = daysIn(fields);
  const every = rhythmOf(fields);
  if (every) return capital(on === 'every day' ? every : `${every}, ${on}`);
  const times = fields.hours.flatMap((hour) => fields.minutes.map((minute) => clock(hour, minute)));
  return capital(`${on} at ${times.length > 6 ? `${times.length} times` : list(times)}`);
}

function read(cron: string): CronPattern {
  try {
    return new CronPattern(cron, 'UTC', { mode: '5-part' });
  } catch (error) {
    const said = error instanceof Error ? error.message : 'It cannot be read.';
    throw new Error(said.replace(/^CronPattern: /, ''), { cause: error });
  }
}

function setIn(marks: ArrayLike<number>): number[] {
  return Array.from(marks).flatMap((mark, index) => (mark ? [index] : []));
}

/** The shortest time between two strikes of one day, or over midnight, in minutes. */
function closest({ minutes, hours }: CronFields): number {
  const all = hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute));
  const gaps = all.map((at, index) => (all[index + 1] ?? all[0]! + 24 * 60) - at);
  return Math.min(...gaps);
}

/** `every 6 hours` where the strikes of a day are as far from each other as from those of the next. */
function rhythmOf({ minutes, hours }: CronFields): string | undefined {
  const step = stepOf(hours, 24);
  if (minutes.length === 1 && step && hours.length > 2) {
    const past = minutes[0] === 0 ? '' : ` at ${two(minutes[0]!)} past`;
    return step === 1 ? `every hour${past}` : `every ${step} hours${past}`;
  }
  const beat = stepOf(minutes, 60);
  if (!beat || minutes.length === 1) return undefined;
  if (hours.length === 24) return `every ${beat} minutes`;
  const [from, to] = [hours[0]!, hours.at(-1)!];
  return to - from === hours.length - 1
    ? `every ${beat} minutes from ${clock(from, minutes[0]!)} to ${clock(to, minutes.at(-1)!)}`
    : undefined;
}

function stepOf(values: number[], whole: number): number | undefined {
  const step = whole / values.length;
  const isEven = values.every((value, index) => value === values[0]! + index * step);
  return Number.isInteger(step) && isEven ? step : undefined;
}

function daysIn(fields: CronFields): string {
  const { days, months, lastDay, anyDay, anyWeekday } = fields;
  const named = [...days.map(ordinal), ...(lastDay ? ['last day'] : [])];
  const monthly = anyDay ? [] : [days.length === 31 ? 'every day' : list(named)];
  const weekly = anyWeekday ? [] : [weekdaysIn(fields)];
  const on = [...monthly, ...weekly].join(' and ') || 'every day';
  return months.length === 12 ? on : `${on} in ${list(months.map((one) => monthNames[one - 1]!))}`;
}

function weekdaysIn({ weekdays }: CronFields): string {
  const fromMonday = weekdays.map((day) => (day + 6) % 7).toSorted((a, b) => a - b);
  if (fromMonday.length === 7) return 'every day';
  if (fromMonday.length === 1) return `every ${longNames[fromMonday[0]!]!}`;
  const [first, last] = [fromMonday[0]!, fromMonday.at(-1)!];
  if (fromMonday.length > 2 && last - first === fromMonday.length - 1)
    return `${shortNames[first]!} to ${shortNames[last]!}`;
  return list(fromMonday.map((day) => shortNames[day]!));
}

const shortNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const longNames = [
  ...['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
];
const monthNames = [
  ...['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
];

function list(words: string[]): string {
  return words.length < 2
    ? (words[0] ?? '')
    : `${words.slice(0, -1).join(', ')} and ${words.at(-1)!}`;
}

function ordinal(day: number): string {
  const ending =
    day % 100 > 10 && day % 100 < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][day % 10] ?? 'th');
  return `${day}${ending}`;
}

function clock(hour: number, minute: number): string {
  return `${two(hour)}:${two(minute)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
