import { expect, test } from 'vitest';
import { readPhone } from './phone.ts';

test.each([
  ['(602) 555-0142', 'US', '+16025550142'],
  ['+49 30 1234567', 'US', '+49301234567'],
  ['020 7946 0018', 'GB', '+442079460018'],
  ['602.555.0142 ext. 7', 'US', '+16025550142'],
  ['（602）555-0142', 'US', '+16025550142'],
])('%s in %s is %s', (text, region, e164) => {
  expect(readPhone(text, region)?.e164).toBe(e164);
});

test('an extension is read apart from the number', () => {
  expect(readPhone('602-555-0142 x12', 'US')?.extension).toBe('12');
});

test('a number that nobody can have is told apart from one that cannot be a number', () => {
  expect(readPhone('111-111-1111', 'US')).toMatchObject({ unlikely: true });
  expect(readPhone('602-555-0142', 'US')).toMatchObject({ unlikely: false, country: 'US' });
  for (const text of ['12', 'call me', '1234567890123456789', '']) {
    expect(readPhone(text, 'US')).toBeUndefined();
  }
});
