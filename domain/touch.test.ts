import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type EnrolmentStatus, mayEnter } from './enrolment.ts';
import { balanceOf, touchStates } from './touch.ts';

test('the ledger balances whatever its rows are', () => {
  const counts = fc.record(Object.fromEntries(touchStates.map((state) => [state, fc.nat(1000)])));
  fc.assert(
    fc.property(counts, (given) => {
      const { all, ...parts } = balanceOf(given);
      expect(all).toBe(Object.values(given).reduce((sum, one) => sum + one, 0));
      expect(all).toBe(Object.values(parts).reduce((sum, one) => sum + one, 0));
    }),
  );
  expect(balanceOf({ delivered: 1, bounced: 1, claimed: 1, planned: 1 })).toMatchObject({
    ...{ accepted: 2, held: 2 },
  });
});

test.each([
  ['if-not-active', [], true],
  ['if-not-active', ['completed'], true],
  ['if-not-active', ['stopped', 'paused'], false],
  ['never', [], true],
  ['never', ['stopped'], false],
  ['always', ['completed', 'stopped'], true],
  ['always', ['active'], false],
] as const)('again %s after %j: %s', (again, before, may) => {
  expect(mayEnter(again, before as readonly EnrolmentStatus[])).toBe(may);
});
