import { expect, test } from 'vitest';
import { running } from '#tests/temporal.ts';
import { leadIntake } from './lead-intake.ts';

test('a crowd is taken in by one activity', async () => {
  const crowd = { workspaceId: 'w1', ids: Array.from({ length: 100 }, (_, n) => String(n)) };
  const taken: string[][] = [];
  const there = {
    intake({ ids }: { ids: string[] }) {
      taken.push(ids);
      return Promise.resolve();
    },
  };
  await running(leadIntake, [crowd], there, async (handle) => {
    await handle.result();
    expect((await handle.fetchHistory()).events?.length).toBeLessThanOrEqual(11);
  });
  expect(taken).toEqual([crowd.ids]);
});
