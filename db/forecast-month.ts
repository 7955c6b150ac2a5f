import type { CountedDeal, ForecastPage } from '#domain/forecast-page.ts';
import { sumOf } from '#domain/forecast.ts';
import { type Of, readDeals } from './forecast-deals.ts';
import { leftOutOf, namesOf } from './left-out.ts';
import type { Scope } from './scope.ts';

interface Paged {
  limit: number;
  offset: number;
}

/** The deals that a month's figures add up from, the heaviest first, with the sum of all of them. */
export async function dealsOfMonth(
  scope: Scope,
  { month, limit, offset, ...of }: Of & Paged & { month: string },
  now: string,
) {
  const { counted } = await readDeals(scope, now, of);
  const shares = counted
    .filter((share) => share.month === `${month}-01`)
    .sort((a, b) => b.weightedCents - a.weightedCents || (a.deal.id < b.deal.id ? -1 : 1));
  const shown = shares.slice(offset, offset + limit);
  const names = await namesOf(
    scope,
    shown.map(({ deal }) => deal.id),
  );
  const items = shown.map(({ deal, weightedCents, bestCents, worstCents }): CountedDeal => {
    const { id, ownerId, status, amountCents, probability, expectedCloseOn } = deal;
    return {
      ...{ id, ...names.get(id)!, ownerId, status, amountCents, probability, expectedCloseOn },
      ...{ weightedCents, bestCents, worstCents },
    };
  });
  return { items, next: nextOf(shares.length, { limit, offset }), sum: sumOf(shares) };
}

export async function leftOutDeals(
  scope: Scope,
  { limit, offset, ...of }: Of & Paged,
  now: string,
): Promise<ForecastPage['leftOut'] & { next: string | null }> {
  const page = await leftOutOf(scope, await readDeals(scope, now, of), { limit, offset });
  return { ...page, next: nextOf(page.count, { limit, offset }) };
}

function nextOf(count: number, { limit, offset }: Paged): string | null {
  return offset + limit < count ? String(offset + limit) : null;
}
