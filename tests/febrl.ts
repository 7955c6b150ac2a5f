import { readFileSync } from 'node:fs';
import { keysOfPerson, likenessOfPeople, type Person } from '#domain/duplicate-person.ts';
import type { DuplicateSettings } from '#domain/duplicate.ts';

/** A person of the FEBRL sets; those of one `truth` are one. */
export interface Known {
  truth: string;
  person: Person;
}

export function readFebrl(set: 1 | 2, without: (keyof Person)[] = []): Known[] {
  const file = new URL(`fixtures/dedupe/dataset${set}.csv`, import.meta.url);
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [id, first, last, number, street, quarter, suburb, code, state, born, externalId] = line
      .split(',')
      .map((cell) => cell.trim());
    const person: Person = {
      ...{ firstName: first, lastName: last, street: `${number} ${street}`.trim() },
      ...{ locality: quarter, city: suburb, postalCode: code, region: state, externalId },
      birthDate: born && `${born.slice(0, 4)}-${born.slice(4, 6)}-${born.slice(6)}`,
    };
    for (const field of without) delete person[field];
    return { truth: id!.split('-')[1]!, person };
  });
}

/** How many of the pairs we name are true, and how many of the true ones we name. */
export function judge(known: Known[], { contact, threshold }: DuplicateSettings, all = false) {
  const counts = Map.groupBy(known, ({ truth }) => truth).values();
  const truths = [...counts].reduce((sum, { length }) => sum + (length * (length - 1)) / 2, 0);
  let [named, right, compared] = [0, 0, 0];
  for (const [one, other] of all ? allPairs(known) : pairsByKey(known)) {
    compared += 1;
    if (likenessOfPeople(contact, one.person, other.person).score < threshold) continue;
    named += 1;
    if (one.truth === other.truth) right += 1;
  }
  return { precision: right / named, recall: right / truths, compared };
}

function* allPairs(known: Known[]): Generator<[Known, Known]> {
  for (const [at, one] of known.entries()) {
    for (const other of known.slice(at + 1)) yield [one, other];
  }
}

function* pairsByKey(known: Known[]): Generator<[Known, Known]> {
  const blocks = new Map<string, number[]>();
  for (const [at, { person }] of known.entries()) {
    for (const key of keysOfPerson(person)) {
      const others = blocks.get(key);
      if (others) others.push(at);
      else blocks.set(key, [at]);
    }
  }
  const seen = new Set<number>();
  for (const block of blocks.values()) {
    for (const [at, one] of block.entries()) {
      for (const other of block.slice(at + 1)) {
        const pair = one * known.length + other;
        if (!seen.has(pair)) yield [known[one]!, known[other]!];
        seen.add(pair);
      }
    }
  }
}
