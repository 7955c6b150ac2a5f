import { expect, test } from 'vitest';
import { type Advised, adviceOf } from './advice.ts';

const sound: Advised = {
  ...{ factors: [], contactId: 'ann', nextAction: 'Call', nextActionAt: '2026-03-19T09:00:00Z' },
  ...{ expectedCloseOn: '2026-03-18', closePushes: 1, today: '2026-03-18' },
};

test('a deal is analysed for what is missing or does not add up, and told what to do next', () => {
  expect(adviceOf(sound)).toEqual([]);
  const decay = {
    ...{ name: 'decay' as const, contribution: 0.35, weight: 0.4, inputs: {} },
    ...{ because: 'No activity for 21 days', lowers: { what: 'Log a call', by: 0.35 } },
  };
  const silent = { ...decay, name: 'velocity' as const, contribution: 0, lowers: null };
  const doubtful = {
    ...{ contactId: null, nextAction: null, nextActionAt: null },
    ...{ expectedCloseOn: '2026-03-17', closePushes: 2 },
  };
  const advice = adviceOf({ ...sound, ...doubtful, factors: [silent, decay] });
  expect(advice[0]).toEqual({
    ...{ what: 'Log a call', because: 'No activity for 21 days', lowersBy: 0.35 },
  });
  expect(advice.slice(1).map(({ because }) => because)).toEqual([
    'Nobody is named on the other side',
    'No next step is planned',
    'It should have closed on 2026-03-17',
    'The close date was put later 2 times',
  ]);
});
