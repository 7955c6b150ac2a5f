import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { bare, columnReader, eachOnce, type Proposal } from './column-names.ts';

const aliases = z
  .record(z.string(), z.array(z.string()))
  .parse(parse(readFileSync(`${import.meta.dirname}/field-mappings.yaml`, 'utf8')));

/** What a column can be taken for, in the order people read it. `name` is cut into first and last. */
export const fields = Object.keys(aliases);

const reader = columnReader({
  aliases,
  looks: {
    email: (value) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value),
    linkedin: (value) => /linkedin\.com\/(in|company)\//i.test(value),
    mapsUrl: (value) => /(google\.[a-z.]+\/maps|maps\.app\.goo\.gl|maps\.google\.)/i.test(value),
    website: (value) => /^(https?:\/\/|www\.)\S+\.\S+$/i.test(value),
    placeId: (value) => /^ChIJ[\w-]{20,}$/.test(value),
    phone: (value) =>
      /^[+(]?\d[\d\s().-]{6,20}(\s*(x|ext\.?)\s*\d+)?$/i.test(value) && /[\s().+-]/.test(value),
  },
  mustLook: {
    email: (value) => value.includes('@') || value.includes('＠'),
    phone: (value) => /\d{3}/.test(value.replace(/\D/g, '')),
  },
});

/** Whether a header somewhere bears this name. */
export const isKnownHeader = reader.isKnown;

/** Proposes a field of a lead for each column; each field once, the other columns are left to the user. */
export function proposeMapping(columns: string[], samples: string[][]): Proposal[] {
  const guesses = columns.map((column, index) => reader.guess(column, samples[index] ?? []));
  const namesPeople = guesses.some(({ field }) => field === 'firstName' || field === 'lastName');
  for (const [index, column] of columns.entries()) {
    if (bare(column) === 'name') guesses[index] = plainName(column, guesses, namesPeople);
  }
  return eachOnce(guesses);
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
