import type { Person } from '#domain/duplicate-person.ts';
import { loadDuplicates } from '#rules/duplicates.ts';
import { judge, readFebrl } from '#tests/febrl.ts';
import type { Row } from './table.ts';

/** How many duplicates are found among people whose duplicates are known, and how many that are none. */
export function measure(): Promise<Row[]> {
  return Promise.resolve([
    ...quality('all fields', []),
    ...quality('without the number elsewhere', ['externalId']),
  ]);
}

function quality(what: string, without: (keyof Person)[]): Row[] {
  const settings = loadDuplicates();
  return ([1, 2] as const).map((set) => {
    const { precision, recall } = judge(readFebrl(set, without), settings);
    return {
      what: `duplicates of FEBRL ${set}, ${what}: precision, recall`,
      ours: `${precision.toFixed(3)}, ${recall.toFixed(3)}`,
      must: '≥ 0.990, ≥ 0.900',
      holds: precision >= 0.99 && recall >= 0.9,
    };
  });
}
