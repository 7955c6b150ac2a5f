import type { CountedDeal } from '#domain/forecast-page.ts';
import { keep, type Page, type Problem } from '#lib/api.ts';
import { csvOf, download } from '#lib/csv.ts';

const heads = [
  ...['Deal', 'Company', 'Status', 'Closes on', 'Amount', 'Probability'],
  ...['Weighted', 'Best', 'Worst', 'Currency'],
];

/** Saves every deal of a month with what it adds to each figure; says why when it cannot. */
export async function exportMonth(
  month: string,
  path: string,
  currency: string,
): Promise<Problem | undefined> {
  const deals: CountedDeal[] = [];
  let next: string | null = '0';
  while (next) {
    const answer: Awaited<ReturnType<typeof keep<Page<CountedDeal>>>> = await keep(
      fetch,
      `${path}&cursor=${next}`,
    );
    if (!answer.value || answer.problem) return answer.problem;
    deals.push(...answer.value.items);
    next = answer.value.next;
  }
  download(`forecast-${month}.csv`, csvOf([heads, ...deals.map((deal) => rowOf(deal, currency))]));
  return undefined;
}

function rowOf(deal: CountedDeal, currency: string): (string | number | null)[] {
  return [
    ...[deal.name, deal.companyName, deal.status, deal.expectedCloseOn],
    ...[deal.amountCents / 100, deal.probability, deal.weightedCents / 100],
    ...[deal.bestCents / 100, deal.worstCents / 100, currency],
  ];
}
