import { expect, test } from 'vitest';
import { together } from './together.ts';

const few = { most: 3, size: 10, lanes: 1 };

function recorder(fails: (items: number[]) => { code: string } | undefined = () => undefined) {
  const crowds: number[][] = [];
  async function run(items: number[]): Promise<string[]> {
    crowds.push(items);
    await Promise.resolve();
    const problem = fails(items);
    if (problem) throw Object.assign(new Error('no'), problem);
    return items.map((item) => `kept ${item}`);
  }
  return { crowds, run };
}

test('those that come while others are on their way go together, as many as may', async () => {
  const { crowds, run } = recorder();
  const keep = together(run, () => 1, few);
  const first = keep(1);
  await Promise.resolve();
  const answers = await Promise.all([first, ...[2, 3, 4, 5].map(keep)]);
  expect(crowds).toEqual([[1], [2, 3, 4], [5]]);
  expect(answers).toEqual([1, 2, 3, 4, 5].map((item) => `kept ${item}`));
});

test('what is too large for company goes by itself', async () => {
  const { crowds, run } = recorder();
  const keep = together(run, (item) => item, few);
  await Promise.all([4, 5, 50, 6].map(keep));
  expect(crowds).toEqual([[4, 5], [50], [6]]);
});

test('one that cannot be kept costs the others of its crowd nothing', async () => {
  const { crowds, run } = recorder((items) => (items.includes(2) ? { code: '22021' } : undefined));
  const keep = together(run, () => 1, few);
  const answers = await Promise.allSettled([1, 2, 3].map(keep));
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(crowds).toEqual([[1, 2, 3], [1], [2], [3]]);
});

test('a database that is away is asked once for the whole crowd', async () => {
  const { crowds, run } = recorder(() => ({ code: 'ECONNREFUSED' }));
  const keep = together(run, () => 1, few);
  const answers = await Promise.allSettled([1, 2, 3].map(keep));
  expect(answers.every(({ status }) => status === 'rejected')).toBe(true);
  expect(crowds).toEqual([[1, 2, 3]]);
});
