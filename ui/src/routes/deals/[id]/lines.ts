import { type DealLine, type DealSum, lineTotal, sumOf, withMargin } from '#domain/deal-line.ts';
import { centsOf } from '#lib/deal.ts';

interface Lines {
  items: DealLine[];
  sum: DealSum;
}

/** What a person types into a line, read; nothing when it is not that. */
export const parsed = {
  quantity(text: string): number | undefined {
    const plain = text.replaceAll(',', '').trim();
    return /^[1-9]\d{0,6}$/.test(plain) && Number(plain) <= 1_000_000 ? Number(plain) : undefined;
  },
  price: centsOf,
  discount(text: string): number | undefined {
    const plain = text.replace('%', '').trim();
    return /^\d{1,3}(\.\d{1,2})?$/.test(plain) && Number(plain) <= 100 ? Number(plain) : undefined;
  },
};

/** The lines as they are with one of them changed, by the same arithmetic as the server's. */
export function repriced({ items, sum }: Lines, changed: DealLine): Lines {
  const { floorPercent } = sum;
  const line = withMargin({ ...changed, totalCents: Number(lineTotal(changed)) }, floorPercent);
  const next = items.map((one) => (one.id === line.id ? line : one));
  return { items: next, sum: sumOf(next, floorPercent) };
}

/** A part in whole per cent; a dash where there is none. */
export function asPercent(part: number | null): string {
  return part === null ? '–' : `${Math.round(part)}%`;
}
