import type { Format, Readings } from '#domain/analysis.ts';
import { readDate, readNumber } from './deal-values.ts';

/** Which order of day and month fits: the one that reads every value that is a date at all. */
export function readingsOfDates(values: string[]): Readings {
  const unsettled = values.filter((value) => !readDate(value, 'iso', 'UTC'));
  const dated = unsettled.filter((value) => reads(value, 'mdy') || reads(value, 'dmy'));
  if (dated.length === 0) {
    return values.length > unsettled.length ? { format: 'iso' } : {};
  }
  return settled(
    (['mdy', 'dmy'] as const).filter((one) => dated.every((text) => reads(text, one))),
    ['mdy', 'dmy'],
  );

  function reads(value: string, format: Format): boolean {
    return readDate(value, format, 'UTC') !== undefined;
  }
}

/** Which sign stands before the fraction. Whole numbers without groups say the same either way. */
export function readingsOfNumbers(values: string[]): Readings {
  const read = values
    .map((value) => [readNumber(value, 'point'), readNumber(value, 'comma')] as const)
    .filter(([point, comma]) => point !== undefined || comma !== undefined);
  if (read.length === 0) return {};
  if (read.every(([point, comma]) => point === comma)) return { format: 'point' };
  const fit: Format[] = [];
  if (read.every(([point]) => point !== undefined)) fit.push('point');
  if (read.every(([, comma]) => comma !== undefined)) fit.push('comma');
  return settled(fit, ['point', 'comma']);
}

/** Whether shares run to 1 or to 100: 0.8 beside 60 says neither. A percent sign settles its own value. */
export function readingsOfShares(values: string[], format: Format | undefined): Readings {
  const read = values
    .filter((value) => !value.includes('%'))
    .map((value) => readNumber(value, format ?? 'point') ?? readNumber(value, 'comma'))
    .filter((value) => value !== undefined && value !== 0);
  if (read.length === 0) return { format: 'percent' };
  if (read.every((value) => value! > 1)) return { format: 'percent' };
  if (read.every((value) => value! <= 1) && read.some((value) => value! < 1)) {
    return { format: 'fraction' };
  }
  return { readings: ['percent', 'fraction'] };
}

function settled(fit: Format[], all: Format[]): Readings {
  if (fit.length === 1) return { format: fit[0]! };
  return { readings: fit.length === 0 ? all : fit };
}
