import { describe, expect, test } from 'vitest';
import { readingsOfDates, readingsOfNumbers, readingsOfShares } from './deal-readings.ts';
import { readDate, readFlag, readNumber } from './deal-values.ts';

function day(text: string, format?: 'iso' | 'mdy' | 'dmy'): string | undefined {
  return readDate(text, format, 'UTC')?.day;
}

describe('a date', () => {
  test('whose numbers could be day or month is read only by a stated format', () => {
    expect(day('04/03/2026')).toBeUndefined();
    expect(day('04/03/2026', 'iso')).toBeUndefined();
    expect(day('04/03/2026', 'mdy')).toBe('2026-04-03');
    expect(day('04/03/2026', 'dmy')).toBe('2026-03-04');
    expect(day('3/27/26', 'mdy')).toBe('2026-03-27');
    expect(day('27.3.2026', 'dmy')).toBe('2026-03-27');
    expect(day('27/3/2026', 'mdy')).toBeUndefined();
  });

  test('with one reading is read by every format', () => {
    for (const format of [undefined, 'iso', 'mdy', 'dmy'] as const) {
      for (const text of [
        '2026-03-14',
        '2026/03/14',
        '20260314',
        '14 Mar 2026',
        'March 14, 2026',
      ]) {
        expect([text, day(text, format)]).toEqual([text, '2026-03-14']);
      }
    }
  });

  test('that is none is not read', () => {
    for (const text of ['Q2', '2026-02-30', '13/13/2026', '46123', '', '2026-03-14 25:00', 'soon'])
      expect([text, day(text, 'mdy')]).toEqual([text, undefined]);
  });

  test('with a time is the instant in the zone it was written in', () => {
    function read(text: string) {
      return readDate(text, 'mdy', 'America/Chicago');
    }
    expect(read('2026-03-14')).toEqual({ day: '2026-03-14', instant: '2026-03-14T05:00:00.000Z' });
    expect(read('03/14/2026 2:30 PM')?.instant).toBe('2026-03-14T19:30:00.000Z');
    expect(read('2026-03-14T02:30:00.000+0000')).toEqual({
      ...{ day: '2026-03-13', instant: '2026-03-14T02:30:00.000Z' },
    });
  });
});

test('a number is read with its fraction where it was said to be, and groups of three only', () => {
  const read = [
    ...[
      ['$18,400.00', 18400, undefined],
      ['1.234,50', undefined, 1234.5],
      ['7200', 7200, 7200],
    ],
    ...[
      ['1,234', 1234, 1.234],
      ['1.234', 1.234, 1234],
      ['(1,200.50)', -1200.5, undefined],
    ],
    ...[
      ['-12 €', -12, -12],
      ['USD 64,100', 64100, 64.1],
      ["1'000.5", 1000.5, undefined],
    ],
    ...[
      ['12,34,567', undefined, undefined],
      ['1 234,5', undefined, 1234.5],
      ['-', undefined],
    ],
    ...[
      ['Q2', undefined, undefined],
      ['1.2.3', undefined, undefined],
      ['--5', undefined],
    ],
  ] as const;
  for (const [text, point, comma] of read) {
    expect([text, readNumber(text, 'point')]).toEqual([text, point]);
    expect([text, readNumber(text, 'comma')]).toEqual([text, comma]);
  }
  expect(readNumber('1,234', undefined)).toBeUndefined();
});

describe('how a column is written', () => {
  test('is proposed only where its values have one reading', () => {
    expect(readingsOfDates(['04/03/2026', '04/13/2026', 'Q2'])).toEqual({ format: 'mdy' });
    expect(readingsOfDates(['04/03/2026', '13/04/2026'])).toEqual({ format: 'dmy' });
    expect(readingsOfDates(['2026-03-14', '14 Mar 2026'])).toEqual({ format: 'iso' });
    expect(readingsOfDates(['Q2'])).toEqual({});
    expect(readingsOfNumbers(['1,234.50', '12'])).toEqual({ format: 'point' });
    expect(readingsOfNumbers(['1.234,50', '12'])).toEqual({ format: 'comma' });
    expect(readingsOfNumbers(['12', '7200'])).toEqual({ format: 'point' });
  });

  test('is left to a person where they have two, or contradict each other', () => {
    expect(readingsOfDates(['04/03/2026', '01/02/2026'])).toEqual({ readings: ['mdy', 'dmy'] });
    expect(readingsOfDates(['04/13/2026', '13/04/2026'])).toEqual({ readings: ['mdy', 'dmy'] });
    expect(readingsOfNumbers(['1,234', '5'])).toEqual({ readings: ['point', 'comma'] });
    expect(readingsOfShares(['60', '0.8'], 'point')).toEqual({ readings: ['percent', 'fraction'] });
  });

  test('of shares is told by their range', () => {
    expect(readingsOfShares(['60', '35', '0'], 'point')).toEqual({ format: 'percent' });
    expect(readingsOfShares(['0.6', '0.35', '1'], 'point')).toEqual({ format: 'fraction' });
    expect(readingsOfShares(['60%', '0.5%'], 'point')).toEqual({ format: 'percent' });
  });
});

test('yes and no are read as systems write them', () => {
  expect(['TRUE', 'yes', '1', 'No', 'false', 'maybe'].map(readFlag)).toEqual([
    ...[true, true, true, false, false, undefined],
  ]);
});
