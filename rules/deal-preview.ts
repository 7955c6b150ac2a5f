import type {
  AnalysisColumn,
  AnalysisOptions,
  ColumnMapping,
  PreviewRow,
} from '#domain/analysis.ts';
import { digitsOf } from '#domain/money.ts';
import { dealReader, type DealReading } from './deal-row.ts';
import { peopleByWord, stagesByWord } from './deal-words.ts';

interface Words {
  stages: { slug: string; name: string; kind: string; position: number; probability: number }[];
  members: { userId: string; name: string; email: string }[];
  zone: string;
  currency: string;
}

/** How a file is read in a workspace: its columns, and what the workspace calls things. */
export function readingFor(
  file: { columns: AnalysisColumn[]; mapping: ColumnMapping; options: AnalysisOptions },
  { stages, members, zone, currency }: Words,
): DealReading {
  const { columns, mapping, options } = file;
  return {
    ...{ columns, mapping, options, zone, digits: digitsOf(currency) },
    stages: stagesByWord(stages),
    people: peopleByWord(members),
  };
}

const factOfField: Record<string, string> = { owner: 'ownerName', stage: 'stageName' };

/** Rows as they would be read, each value beside what stands in the file. */
export function previewOf(
  rows: { line: number; cells: string[]; fault?: string }[],
  reading: DealReading,
): PreviewRow[] {
  const read = dealReader(reading);
  return rows.map(({ line, cells, fault }) => {
    if (fault) return { line, fields: {}, reason: fault };
    const row = read(cells);
    const isDeal = 'deal' in row;
    const fields = reading.columns.flatMap(({ name: column }, at) => {
      const field = reading.mapping[column];
      if (!field || field === 'skip' || field === 'custom') return [];
      const raw = (cells[at] ?? '').trim().slice(0, 200);
      const reason = isDeal && row.faults.find((one) => one.field === field)?.message;
      const known = isDeal ? (row.deal.facts[factOfField[field] ?? field] ?? null) : null;
      const value = field === 'externalId' ? raw || null : known;
      return [[field, { column, raw, value, ...(reason && { reason }) }] as const];
    });
    const told = { line, fields: Object.fromEntries(fields) };
    return isDeal ? told : { ...told, reason: row.fault.message };
  });
}
