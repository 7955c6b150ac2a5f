import type { Asked } from './deal-question.ts';
import { costOf, mostOf, priceOf } from './model-prices.ts';

/** What a question costs at most and in the end at one model, in millionths of a dollar. */
export function pricedFor(
  asked: Asked,
  model: string,
  connection: { settings: { priceIn?: unknown; priceOut?: unknown } },
): { mostMicros: number; cost(tokensIn: number, tokensOut: number): number } {
  const price = priceOf(model, connection.settings);
  return {
    mostMicros: mostOf(price, asked),
    cost: (tokensIn, tokensOut) => costOf(price, tokensIn, tokensOut),
  };
}
