import { expect, test } from 'vitest';
import { wantOf } from './lead.ts';

test('a lead made by hand needs an address or a number before it is sent', () => {
  expect(wantOf({ email: ' ', phone: '' })).toMatch(/^An email or a phone is needed/);
  expect(wantOf({ email: 'ray@ridgeline.example', phone: '' })).toBeUndefined();
  expect(wantOf({ email: '', phone: '555-0100' })).toBeUndefined();
});
