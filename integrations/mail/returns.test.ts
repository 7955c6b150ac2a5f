import { expect, test } from 'vitest';
import { returnsOn } from './returns.ts';

const now = '2026-11-21T10:00:00.000Z';

test.each([
  ['I am currently away returning to the office on December 5th.', '2026-12-05'],
  ['I will be out of the office until Monday, 30 November 2026.', '2026-11-30'],
  ['Away from Nov 21 to Nov 25, back on 26 Nov.', '2026-11-26'],
  ['I am on leave from December 20 until January 3.', '2027-01-03'],
  ['Back 2026-12-01.', '2026-12-01'],
  ['I return on 12/28/2026.', '2026-12-28'],
  ['Back on 28/12.', '2026-12-28'],
  ['Ich bin bis 05.12.2026 nicht im Büro.', '2026-12-05'],
  ['Ich bin ab dem 7. Dezember wieder erreichbar.', '2026-12-07'],
  ['Je suis absent jusqu’au 15 décembre inclus.', '2026-12-15'],
  ['Estaré fuera de la oficina hasta el 3 de enero de 2027.', '2027-01-03'],
  ['Estou ausente até 10 de dezembro.', '2026-12-10'],
  ['Sono assente fino al 24 dicembre.', '2026-12-24'],
  ['Ik ben afwezig tot 1 december.', '2026-12-01'],
  ['Jag är tillbaka den 2 december.', '2026-12-02'],
  ['Wracam 4 grudnia.', '2026-12-04'],
])('the day of return is read from: %s', (text, day) => {
  expect(returnsOn(text, { now })).toBe(day);
});

test.each([
  'I am away and will answer when I can.',
  'Back on 3/4.',
  'I may return on 30 February.',
  'Our office opened on 1 March 1998.',
  'Call 555-0123 or write to May Jones.',
])('no day is guessed from: %s', (text) => {
  expect(returnsOn(text, { now })).toBeUndefined();
});

test('what the program itself says of the end counts most', () => {
  expect(returnsOn('Back on May 5', { now, endDate: '2026-12-10T14:59:59Z' })).toBe('2026-12-10');
});
