import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const aliases = z
  .record(z.string(), z.array(z.string()))
  .parse(parse(readFileSync(`${import.meta.dirname}/field-mappings.yaml`, 'utf8')));

/** What a column can be taken for, in the order people read it. `name` is cut into first and last. */
export const fields = Object.keys(aliases);

const byAlias = new Map<string, string>();
for (const [field, names] of Object.entries(aliases)) {
  for (const name of [field, ...names])
    if (!byAlias.has(bare(name))) byAlias.set(bare(name), field);
}

/** What a column was taken for, how surely (0 to 1), and why in words. */
export interface Proposal {
  column: string;
  field?: string;
  confidence: number;
  because: string;
}

/** Whether a header somewhere bears this name. */
export function isKnownHeader(name: string): boolean {
  return byAlias.has(bare(name));
}

/**
 * Proposes a field for each column: by its name, by a name that contains or nearly is one, else by what stands in it.
 * A field is proposed once, to the surest column; the others are left to the user.
 */
export function proposeMapping(columns: string[], samples: string[][]): Proposal[] {
  const guesses = columns.map((column, index) => guess(column, samples[index] ?? []));
  const namesPeople = guesses.some(({ field }) => field === 'firstName' || field === 'lastName');
  for (const [index, column] of columns.entries()) {
    if (bare(column) === 'name') guesses[index] = plainName(column, guesses, namesPeople);
  }
  const surest = new Map<string, number>();
  for (const [index, { field, confidence }] of guesses.entries()) {
    if (!field) continue;
    const best = surest.get(field);
    if (best === undefined || confidence > guesses[best]!.confidence) surest.set(field, index);
  }
  return guesses.map((proposal, index) => {
    const { column, field } = proposal;
    if (!field || surest.get(field) === index) return proposal;
    const taken = columns[surest.get(field)!];
    return { column, confidence: 0, because: `“${taken}” is taken for this already.` };
  });
}

function guess(column: string, samples: string[]): Proposal {
  const name = bare(column.replace(/ \(\d+\)$/, ''));
  const exact = byAlias.get(name);
  const content = fieldOfContent(samples);
  if (exact) {
    // A column of that name that holds something else entirely is no such column.
    const fits = !mustLook[exact] || samples.length === 0 || samples.some(mustLook[exact]);
    if (fits) return { column, field: exact, confidence: 1, because: 'It is called so.' };
  }
  const part = longestPart(column);
  if (part && (!content || content === part)) {
    return { column, field: part, confidence: 0.8, because: 'Its name says so.' };
  }
  const near = nearest(name);
  if (near && !content)
    return { column, field: near, confidence: 0.7, because: 'Its name is nearly that.' };
  if (content) return { column, field: content, confidence: 0.6, because: 'Its values look so.' };
  return { column, confidence: 0, because: 'Nothing we know is called or looks like this.' };
}

/** `Name` alone is a person beside an address or a title, and a company in a list of places. */
function plainName(column: string, guesses: Proposal[], namesPeople: boolean): Proposal {
  function has(field: string): boolean {
    return guesses.some((one) => one.field === field);
  }
  const isPlace = has('placeId') || has('mapsUrl') || has('fields.rating') || has('companySize');
  if (
    namesPeople ||
    (isPlace && !has('company')) ||
    (has('fields.annualRevenue') && !has('company'))
  ) {
    return {
      column,
      field: 'company',
      confidence: 0.8,
      because: 'The other columns tell of companies.',
    };
  }
  return { column, field: 'name', confidence: 0.8, because: 'The other columns tell of people.' };
}

const looks: Record<string, (value: string) => boolean> = {
  email: (value) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value),
  linkedin: (value) => /linkedin\.com\/(in|company)\//i.test(value),
  mapsUrl: (value) => /(google\.[a-z.]+\/maps|maps\.app\.goo\.gl|maps\.google\.)/i.test(value),
  website: (value) => /^(https?:\/\/|www\.)\S+\.\S+$/i.test(value),
  placeId: (value) => /^ChIJ[\w-]{20,}$/.test(value),
  phone: (value) =>
    /^[+(]?\d[\d\s().-]{6,20}(\s*(x|ext\.?)\s*\d+)?$/i.test(value) && /[\s().+-]/.test(value),
};
const mustLook: Record<string, (value: string) => boolean> = {
  email: (value) => value.includes('@') || value.includes('＠'),
  phone: (value) => /\d{3}/.test(value.replace(/\D/g, '')),
};

function fieldOfContent(samples: string[]): string | undefined {
  if (samples.length === 0) return undefined;
  return Object.keys(looks).find((field) => samples.every((value) => looks[field]!(value.trim())));
}

/** `Company phone number (main)` holds the words of `phone number`: the longest alias that stands in it whole. */
function longestPart(column: string): string | undefined {
  const words = ` ${spaced(column)} `;
  let best: { field: string; length: number } | undefined;
  for (const [field, names] of Object.entries(aliases)) {
    for (const name of names) {
      const part = spaced(name);
      if (part.length < 4 || part.length <= (best?.length ?? 0)) continue;
      if (words.includes(` ${part} `)) best = { field, length: part.length };
    }
  }
  return best?.field;
}

function nearest(name: string): string | undefined {
  if (name.length < 5) return undefined;
  let best: { field: string; distance: number } | undefined;
  for (const [alias, field] of byAlias) {
    if (alias.length < 5 || Math.abs(alias.length - name.length) > 2) continue;
    const distance = distanceOf(name, alias);
    const most = alias.length > 8 ? 2 : 1;
    if (distance <= most && distance < (best?.distance ?? 3)) best = { field, distance };
  }
  return best?.field;
}

/** Levenshtein's distance (1965). */
function distanceOf(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(above[j]! + 1, row[j - 1]! + 1, change));
    }
    above = row;
  }
  return above[b.length]!;
}

function bare(name: string): string {
  return spaced(name).replaceAll(' ', '');
}

/** Lower case, without accents, words apart: `firstName`, `FIRST_NAME` and `First-Name` are one. */
function spaced(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
