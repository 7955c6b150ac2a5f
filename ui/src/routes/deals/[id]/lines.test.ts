import { expect, test } from 'vitest';
import type { DealLine } from '#domain/deal-line.ts';
import { sumOf, withMargin } from '#domain/deal-line.ts';
import { parsed, repriced } from './lines.ts';

function aLine(id: string, part: Partial<DealLine> = {}): DealLine {
  const stored = {
    ...{ id, productId: null, sku: null, name: id, quantity: 46, unitPriceCents: 7200 },
    ...{ unitCostCents: 4000, discountPercent: 0, totalCents: 331_200, position: 0 },
    ...{ pricedAt: '2026-03-02T09:00:00Z', ...part },
  };
  return withMargin(stored, 15);
}

test('a changed discount reprices line and total at once, and says when the margin is under the floor', () => {
  const items = [aLine('install'), aLine('camera')];
  const { items: after, sum } = repriced(
    { items, sum: sumOf(items, 15) },
    { ...items[0]!, discountPercent: 40 },
  );
  expect(after[0]).toMatchObject({ totalCents: 198_720, marginPercent: 7.4 });
  expect(sum.totalCents).toBe(198_720 + 331_200);
  expect(sum.warnings).toHaveLength(1);
});

test('what is typed into a line is read as people write numbers, and refused when it is none', () => {
  expect([parsed.quantity('1,200'), parsed.quantity('0'), parsed.quantity('2.5')]).toEqual([
    ...[1200, undefined, undefined],
  ]);
  expect([parsed.discount('12.5%'), parsed.discount('101'), parsed.discount('1.234')]).toEqual([
    ...[12.5, undefined, undefined],
  ]);
  expect(parsed.price('$289.00')).toBe(28_900);
});
