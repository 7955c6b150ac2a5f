import { expect, test } from 'vitest';
import { cameBy, sourceOf, wantOf } from './lead.ts';

test('a lead made by hand needs an address or a number before it is sent', () => {
  expect(wantOf({ email: ' ', phone: '' })).toMatch(/^An email or a phone is needed/);
  expect(wantOf({ email: 'ray@ridgeline.example', phone: '' })).toBeUndefined();
  expect(wantOf({ email: '', phone: '555-0100' })).toBeUndefined();
});

test('where a lead came from is said in words', () => {
  expect([sourceOf('manual'), sourceOf('cold-call')]).toEqual(['By hand', 'Cold call']);
  expect([cameBy('manual'), cameBy('website')]).toEqual(['added by hand', 'from website']);
});
