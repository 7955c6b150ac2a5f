import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

/** One vertical: how it is recognised, and what templates say about it. */
export const Icp = z.strictObject({
  name: z.string().min(1),
  words: z.array(z.string().regex(/^[a-z-]+( [a-z-]+)*$/)).min(1),
  pricing: z.string().min(1),
  page: z.url(),
  opener: z.string().min(1),
  unit_price_cents: z.int().positive(),
});
export type Icp = z.infer<typeof Icp>;
export type Icps = Record<string, Icp>;

export function loadIcps(file = new URL('icp.yaml', import.meta.url)): Icps {
  return z.record(z.string(), Icp).parse(parse(readFileSync(file, 'utf8')));
}

/**
 * The vertical these texts speak of, the first text that names one deciding: campaign, then industry, then the
 * company's name. In one text the longest word wins. Nothing when none is named.
 */
export function icpOf(icps: Icps, ...texts: (string | null | undefined)[]): string | undefined {
  const words = Object.entries(icps)
    .flatMap(([key, icp]) =>
      [...icp.words, key.replaceAll('-', ' ')].map((word) => ({ key, word })),
    )
    .toSorted((a, b) => b.word.length - a.word.length);
  for (const text of texts) {
    const plain = ` ${(text ?? '').toLowerCase().replace(/[^a-z0-9]+/g, ' ')} `;
    const found = words.find(({ word }) => plain.includes(` ${word.replaceAll('-', ' ')} `));
    if (found) return found.key;
  }
  return undefined;
}
