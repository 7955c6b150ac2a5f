import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Deal } from '#domain/deal.ts';
import type { Stage } from '#domain/pipeline.ts';
import { type Column, moved, newcomersOf, replaced, reread, spotOf } from './deal-board.ts';
import { dropIndexAt, indexAt, topsOf, windowOf } from './deal-window.ts';

function aStage(id: string, probability: number, kind: Stage['kind'] = 'open') {
  return { id, probability, kind, name: id, isActive: true } as Stage;
}

function aDeal(id: string, stageId: string, amountCents: number, probability = 20) {
  const weightedCents = Math.round((amountCents * probability) / 100);
  return { id, stageId, amountCents, probability, weightedCents, status: 'open' } as Deal;
}

function aColumn(stage: Stage, items: Deal[], next: string | null = null): Column {
  const totalCents = items.reduce((all, deal) => all + deal.amountCents, 0);
  const weightedCents = items.reduce((all, deal) => all + (deal.weightedCents ?? 0), 0);
  return { stage, items, next, count: items.length, totalCents, weightedCents };
}

const early = aStage('early', 20);
const late = aStage('late', 80);

function aBoard() {
  const [a, b, c] = [aDeal('a', 'early', 1000), aDeal('b', 'early', 500), aDeal('c', 'late', 300)];
  return { a, columns: [aColumn(early, [a, b]), aColumn(late, [c])] };
}

test('a deal that is moved takes its money along and is weighed by the stage it enters', () => {
  const { a, columns } = aBoard();
  const after = moved(columns, a, { stageId: 'late', index: 1 });
  expect(after[0]).toMatchObject({ count: 1, totalCents: 500, weightedCents: 100 });
  expect(after[1]).toMatchObject({ count: 2, totalCents: 1300, weightedCents: 860 });
  expect(spotOf(after, 'a')).toEqual({ stageId: 'late', index: 1 });
  expect(after[1]!.items[1]).toMatchObject({ stageId: 'late', probability: 80 });
});

test('a deal that is placed elsewhere in its column changes no figure', () => {
  const { a, columns } = aBoard();
  const after = moved(columns, a, { stageId: 'early', index: 1 });
  expect(after[0]!.items.map(({ id }) => id)).toEqual(['b', 'a']);
  expect(after[0]).toMatchObject({ count: 2, totalCents: 1500, weightedCents: 300 });
});

test('no move loses a deal or a cent of the whole board', () => {
  const spots = fc.array(fc.tuple(fc.nat(2), fc.nat(1), fc.nat(3)), { maxLength: 20 });
  fc.assert(
    fc.property(spots, (moves) => {
      let { columns } = aBoard();
      for (const [which, column, index] of moves) {
        const deal = columns.flatMap(({ items }) => items).find(({ id }) => id === 'abc'[which])!;
        columns = moved(columns, deal, { stageId: ['early', 'late'][column]!, index });
      }
      const all = columns.flatMap(({ items }) => items.map(({ id }) => id));
      expect(all.toSorted()).toEqual(['a', 'b', 'c']);
      expect(columns.reduce((sum, { totalCents }) => sum + totalCents, 0)).toBe(1800);
      for (const { items, count, weightedCents } of columns) {
        expect(count).toBe(items.length);
        expect(weightedCents).toBe(items.reduce((sum, one) => sum + (one.weightedCents ?? 0), 0));
      }
    }),
  );
});

test('a board that is read again keeps its order, drops what left and offers what came', () => {
  const { a, columns } = aBoard();
  const newer = aDeal('d', 'early', 900);
  const read = [aColumn(early, [newer, { ...a, amountCents: 1200 }]), aColumn(late, [])];
  const after = reread(columns, read, []);
  expect(after[0]!.items).toMatchObject([{ id: 'a', amountCents: 1200 }]);
  expect(after[1]!.items).toEqual([]);
  expect(newcomersOf(after, read)).toBe(1);
});

test('a deal that a person placed above where it would be read stays there', () => {
  const { a, columns } = aBoard();
  const there = moved(columns, a, { stageId: 'late', index: 0 });
  const read = [
    aColumn(early, [aDeal('b', 'early', 500)]),
    aColumn(late, [there[1]!.items[1]!], 'x'),
  ];
  expect(reread(there, read, ['a'])[1]!.items.map(({ id }) => id)).toEqual(['a', 'c']);
  expect(reread(there, read, [])[1]!.items.map(({ id }) => id)).toEqual(['c']);
});

test('what was read further down stays when only the top is read again, and goes on from where it was', () => {
  const many = Array.from({ length: 6 }, (_none, index) => aDeal(`d${index}`, 'early', 100));
  const shown = [aColumn(early, many, 'after-d5')];
  const read = [aColumn(early, [many[0]!, { ...many[2]!, amountCents: 300 }], 'after-d2')];
  const [after] = reread(shown, read, []);
  expect(after!.items.map(({ id }) => id)).toEqual(['d0', 'd2', 'd3', 'd4', 'd5']);
  expect(after!.items[1]!.amountCents).toBe(300);
  expect(after!.next).toBe('after-d5');
  expect(reread(shown, [{ ...read[0]!, next: null }], [])[0]!.items).toHaveLength(2);
});

test('a deal that changed where it stands changes the figures of its column', () => {
  const { a, columns } = aBoard();
  const after = replaced(columns, { ...a, amountCents: 2000, weightedCents: 400 });
  expect(after[0]).toMatchObject({ count: 2, totalCents: 2500, weightedCents: 500 });
});

test('of 5,000 cards only those near the screen are drawn', () => {
  const tops = topsOf(Array.from({ length: 5000 }, (_none, index) => (index % 3 ? 80 : 108)));
  const { first, last } = windowOf(tops, { top: 200_000, height: 800 });
  expect(last - first).toBeLessThan(22);
  expect(tops[first]!).toBeLessThanOrEqual(200_000);
  expect(tops[last]!).toBeGreaterThanOrEqual(200_800);
});

test('a height is of the card that stands there, and below the last card of none', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(80, 108), { maxLength: 60 }), fc.nat(9000), (list, at) => {
      const tops = topsOf(list);
      const index = indexAt(tops, at);
      if (index < list.length) {
        expect(tops[index]!).toBeLessThanOrEqual(at);
        expect(tops[index + 1]!).toBeGreaterThan(at);
      } else expect(at).toBeGreaterThanOrEqual(tops.at(-1)!);
      expect(dropIndexAt(tops, at)).toBeLessThanOrEqual(list.length);
    }),
  );
});
