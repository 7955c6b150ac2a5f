import { DateTime } from 'luxon';
import type { Format } from '#domain/analysis.ts';

/** A moment as a file says it: the day, and the instant when there is one to tell. */
export interface When {
  /** Such as 2026-03-14. */
  day: string;
  /** ISO, in UTC; of a bare day its first moment in the zone. */
  instant: string;
}

/**
 * A number as it is written, with currency signs, percent signs and brackets for negative ones taken off.
 * `point` reads 1,234.50 and `comma` 1.234,50. Nothing for what is none: groups of other than three digits, two signs.
 */
export function readNumber(text: string, format: Format | undefined): number | undefined {
  const bare = text.replace(/[\s\u00a0\u202f]/g, '');
  const inBrackets = /^\((.+)\)$/.exec(bare);
  const found =
    /^([+-]?)(?:[\p{Sc}]|[A-Z]{2,3}\$?)?([+-]?)([\d.,'’]+)(?:[\p{Sc}%]|[A-Z]{3})?$/u.exec(
      inBrackets?.[1] ?? bare,
    );
  if (!found) return undefined;
  const [, before, after, digits = ''] = found;
  if (before && after) return undefined;
  const value = plain(digits, format);
  return value === undefined ? undefined : before || after || inBrackets ? signed(value) : value;

  function signed(value: number): number {
    return before === '+' || after === '+' ? value : -value;
  }
}

function plain(digits: string, format: Format | undefined): number | undefined {
  if (/^\d+$/.test(digits)) return Number(digits);
  if (format !== 'point' && format !== 'comma') return undefined;
  const [group, mark] = format === 'point' ? [',', '.'] : ['.', ','];
  const shape = format === 'point' ? pointed : comma;
  if (!shape.test(digits)) return undefined;
  return Number(digits.replaceAll(group, '').replaceAll(/['’]/g, '').replace(mark, '.'));
}

const pointed = /^(\d+|\d{1,3}(,\d{3})+|\d{1,3}(['’]\d{3})+)?(\.\d+)?$/;
const comma = /^(\d+|\d{1,3}(\.\d{3})+|\d{1,3}(['’]\d{3})+)?(,\d+)?$/;

const months =
  'january february march april may june july august september october november december'.split(
    ' ',
  );
const clock =
  '(?:[T ,]+(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,]\\d+)?)?\\s*([ap]m)?\\s*(Z|UTC|[+-]\\d{2}:?\\d{2})?)?$';
const yearFirst = new RegExp(`^(\\d{4})([-/.]?)(\\d{2})\\2(\\d{2})${clock}`, 'i');
const numbers = new RegExp(`^(\\d{1,2})([-/.])(\\d{1,2})\\2(\\d{4}|\\d{2})${clock}`, 'i');
const dayFirst = new RegExp(
  `^(\\d{1,2})(?:st|nd|rd|th|\\.)?[ -]([a-z]{3,9})\\.?,?[ -](\\d{4})${clock}`,
  'i',
);
const monthFirst = new RegExp(
  `^([a-z]{3,9})\\.? (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{4})${clock}`,
  'i',
);

/**
 * A day or an instant as it is written. What has one reading only (2026-03-14, 14 Mar 2026) is read by every format,
 * 04/03/2026 by `mdy` and `dmy` alone. Years of two digits are of this century. Nothing for what is no date.
 */
export function readDate(text: string, format: Format | undefined, zone: string): When | undefined {
  const cell = text.trim();
  const key = `${format}|${zone}|${cell}`;
  if (seen.has(key)) return seen.get(key);
  const when = dateOf(cell, format, zone);
  if (seen.size >= MOST_SEEN) seen.clear();
  seen.set(key, when);
  return when;
}

/** Files say the same days again and again, and zones are slow to ask. */
const seen = new Map<string, When | undefined>();
const MOST_SEEN = 5000;

function dateOf(cell: string, format: Format | undefined, zone: string): When | undefined {
  const iso = yearFirst.exec(cell);
  if (iso) return whenOf([iso[1], iso[3], iso[4]], iso.slice(5), zone);
  const worded = dayFirst.exec(cell);
  if (worded) return whenOf([worded[3], monthOf(worded[2]!), worded[1]], worded.slice(4), zone);
  const american = monthFirst.exec(cell);
  if (american) {
    return whenOf([american[3], monthOf(american[1]!), american[2]], american.slice(4), zone);
  }
  if (format !== 'mdy' && format !== 'dmy') return undefined;
  const found = numbers.exec(cell);
  if (!found) return undefined;
  const [month, day] = format === 'mdy' ? [found[1], found[3]] : [found[3], found[1]];
  const year = found[4]!.length === 2 ? `20${found[4]}` : found[4];
  return whenOf([year, month, day], found.slice(5), zone);
}

function whenOf(
  date: (string | number | undefined)[],
  [hour, minute, second, half, offset]: (string | undefined)[],
  zone: string,
): When | undefined {
  const [year = 0, month = 0, day = 0] = date.map(Number);
  const at = { year, month, day, ...timeOf(hour, minute, second, half) };
  const written = offset === undefined ? zone : zoneOf(offset);
  const moment = DateTime.fromObject(at, { zone: written });
  if (!moment.isValid || year < 1900 || year > 2200) return undefined;
  const here = offset === undefined ? moment : moment.setZone(zone);
  return { day: here.toFormat('yyyy-MM-dd'), instant: moment.toUTC().toISO() };
}

function timeOf(hour = '0', minute = '0', second = '0', half?: string) {
  const given = Number(hour);
  const inHalf = half?.toLowerCase() === 'pm' ? (given % 12) + 12 : given % 12;
  // 13:00 pm is no time; an hour of 25 makes the moment invalid.
  const hours = half ? (given >= 1 && given <= 12 ? inHalf : 25) : given;
  return { hour: hours, minute: Number(minute), second: Number(second) };
}

function zoneOf(offset: string): string {
  if (/^(z|utc)$/i.test(offset)) return 'UTC';
  return `UTC${offset.slice(0, 3)}:${offset.slice(-2)}`;
}

function monthOf(word: string): number {
  const small = word.toLowerCase();
  return months.findIndex((month) => month === small || month.slice(0, small.length) === small) + 1;
}

/** Yes and no, as systems export them. */
export function readFlag(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (['true', 'yes', 'y', '1', 'x', 'ja', 'oui', 'sí', 'si', 'on'].includes(word)) return true;
  if (['false', 'no', 'n', '0', '-', 'nein', 'non', 'off'].includes(word)) return false;
  return undefined;
}
