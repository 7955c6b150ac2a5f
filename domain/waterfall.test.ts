import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DealState, type Lens, stepsOf, valueOf } from './waterfall.ts';

const days = { from: '2026-03-13', to: '2026-03-17' };
const march: Lens = { measure: 'weighted', month: '2026-03-01' };
const whole: Lens = { measure: 'amount', month: null };

const aState: DealState = {
  ...{ status: 'open', stageId: 's', stageIsActive: true, amountCents: 1000_00, probability: 60 },
  ...{ expectedCloseOn: '2026-03-30', closedOn: null, leftOutBecause: null },
};

function kinds(before: Partial<DealState> | null, after: Partial<DealState> | null, lens = march) {
  const [one, other] = [before && { ...aState, ...before }, after && { ...aState, ...after }];
  return stepsOf(one, other, { lens, ...days }).map(({ kind, cents }) => [kind, cents]);
}

test('each change of a deal is told by its name and with what it did to the month', () => {
  expect(kinds({}, { expectedCloseOn: '2026-04-12' })).toEqual([['pushed', -600_00]]);
  expect(kinds({ expectedCloseOn: '2026-04-12' }, {})).toEqual([['pulled_in', 600_00]]);
  expect(kinds({}, { amountCents: 1500_00 })).toEqual([['amount_up', 300_00]]);
  expect(kinds({}, { amountCents: 500_00 })).toEqual([['amount_down', -300_00]]);
  expect(kinds({}, { probability: 75 })).toEqual([['more_likely', 150_00]]);
  expect(kinds({}, { probability: 50 })).toEqual([['less_likely', -100_00]]);
  expect(kinds({}, { stageId: 't', probability: 80 })).toEqual([['stage', 200_00]]);
  expect(kinds({}, { leftOutBecause: 'A test' })).toEqual([['left_out', -600_00]]);
  expect(kinds({ leftOutBecause: 'A test' }, {})).toEqual([['counted', 600_00]]);
  expect(kinds({ expectedCloseOn: '2026-03-14' }, { expectedCloseOn: '2026-03-14' })).toEqual([
    ['lapsed', -600_00],
  ]);
  const won = { status: 'won', probability: 100, stageId: 'w', closedOn: '2026-03-16' };
  expect(kinds({}, won)).toEqual([['won', 400_00]]);
  expect(kinds({}, { status: 'lost', probability: 0, closedOn: '2026-03-16' })).toEqual([
    ['lost', -600_00],
  ]);
  expect(kinds(won, {})).toEqual([['reopened', -400_00]]);
  expect(kinds(null, {})).toEqual([['new', 600_00]]);
  expect(kinds({}, null)).toEqual([['removed', -600_00]]);
});

test('several changes of one deal are told one after the other', () => {
  const after = {
    expectedCloseOn: '2026-03-25',
    amountCents: 2000_00,
    stageId: 't',
    probability: 80,
  };
  expect(kinds({}, after)).toEqual([
    ['pulled_in', 0],
    ['amount_up', 600_00],
    ['stage', 400_00],
  ]);
});

test('what is won leaves the open pipeline and what was pushed only moves in it', () => {
  const won = { status: 'won', probability: 100, closedOn: '2026-03-16' };
  expect(kinds({}, won, whole)).toEqual([['won', -1000_00]]);
  expect(kinds({}, { expectedCloseOn: '2026-04-12' }, whole)).toEqual([['pushed', 0]]);
});

test('a month is not told of a deal that it never saw', () => {
  const june = { expectedCloseOn: '2026-06-12' };
  expect(kinds(june, { ...june, probability: 20 })).toEqual([]);
});

const someState: fc.Arbitrary<DealState | null> = fc.option(
  fc.record({
    status: fc.constantFrom('open', 'open', 'won', 'lost'),
    stageId: fc.constantFrom('s', 't'),
    stageIsActive: fc.boolean(),
    amountCents: fc.integer({ min: 0, max: 1_000_000_000_00 }),
    probability: fc.option(fc.integer({ min: 0, max: 100 })),
    expectedCloseOn: fc.constantFrom(null, '2026-02-27', '2026-03-15', '2026-03-31', '2026-04-30'),
    closedOn: fc.constantFrom(null, '2026-02-27', '2026-03-15'),
    leftOutBecause: fc.constantFrom(null, null, 'A test'),
  }),
);

test('the steps of every deal add up to the difference to the cent', () => {
  const lens = fc.record({
    measure: fc.constantFrom('weighted' as const, 'amount' as const),
    month: fc.constantFrom(null, '2026-03-01', '2026-04-01'),
  });
  fc.assert(
    fc.property(someState, someState, lens, (before, after, lens) => {
      const steps = stepsOf(before, after, { lens, ...days });
      const moved = steps.reduce((sum, { cents }) => sum + cents, 0);
      expect(valueOf(before, lens, days.from) + moved).toBe(valueOf(after, lens, days.to));
    }),
  );
});
