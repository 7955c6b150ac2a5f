import { z } from 'zod';
import { readRules } from './read.ts';

const Price = z.strictObject({ in: z.number().min(0), out: z.number().min(0) });
export type Price = z.infer<typeof Price>;

const Table = z.strictObject({
  deal: z.string().min(1),
  columns: z.string().min(1),
  tokens: z.strictObject({ deal: z.int().min(100), columns: z.int().min(100) }),
  prices: z.array(Price.extend({ model: z.string().min(1) })),
  otherwise: Price,
});

/** What models are told and what they cost: rules/assessment.yaml. */
export const modelRules = readRules(new URL('assessment.yaml', import.meta.url), Table);

/** Micros per token: what the connection says, else the list, else as dear as any. */
export function priceOf(model: string, own: { priceIn?: unknown; priceOut?: unknown }): Price {
  const { prices, otherwise } = modelRules;
  const listed = prices
    .filter((one) => model.startsWith(one.model))
    .toSorted((one, other) => other.model.length - one.model.length)[0];
  const { in: perIn, out: perOut } = listed ?? otherwise;
  return {
    in: typeof own.priceIn === 'number' ? own.priceIn : perIn,
    out: typeof own.priceOut === 'number' ? own.priceOut : perOut,
  };
}

/** Millionths of a dollar, rounded up. */
export function costOf(price: Price, tokensIn: number, tokensOut: number): number {
  return Math.ceil(tokensIn * price.in + tokensOut * price.out);
}

/** The most that a question can cost: no token is shorter than a byte, and a little is said around it. */
export function mostOf(
  price: Price,
  question: { system: string; prompt: string; schema: object; maxTokens: number },
): number {
  const said = question.system + question.prompt + JSON.stringify(question.schema);
  return costOf(price, Buffer.byteLength(said) + 500, question.maxTokens);
}
