import type { AnalysisCheck, AnalysisColumn, Format } from '#domain/analysis.ts';
import { unsettled } from './deal-columns.ts';
import { type DealField, dealField, dealFields, writtenAs } from './deal-fields.ts';
import { cellReader, type DealReading } from './deal-row.ts';
import { personMeant, stageMeant } from './deal-words.ts';

interface Looked {
  rows: number;
  broken: { count: number; line?: number };
  columns: { filled: number; values: Map<string, number> }[];
}
/** What a file's texts may be taken for here. */
export interface Choices {
  stages: { slug: string; name: string }[];
  members: { userId: string; name: string }[];
}

/** Everything about a file that a person should look at, what must be settled first. */
export function checksOf(
  looked: Looked,
  columns: AnalysisColumn[],
  reading: DealReading,
  choices: Choices,
): AnalysisCheck[] {
  const { mapping, options } = reading;
  const taken = new Set(Object.values(mapping));
  const missing = dealFields
    .filter(({ field, importance }) => importance === 'needed' && !taken.has(field))
    .map(({ field, label }) =>
      check('missing-field', {
        ...{ field, count: looked.rows, mustSettle: field === 'name' },
        message: `No column is taken for ${label.toLowerCase()}.`,
      }),
    );
  const toChoose = unsettled(columns, mapping, options).map(({ column, field, readings }) =>
    check('choose-format', {
      ...{ column, field, mustSettle: true },
      count: columns.find(({ name }) => name === column)!.filled,
      message: `“${column}” can be read in more than one way.`,
      choices: readings.map((value) => ({ value, label: inWords(value) })),
    }),
  );
  const ofColumns = columns.flatMap((column, at) =>
    columnChecks(column, { ...looked.columns[at]!, rows: looked.rows }, reading, choices),
  );
  const { count, line } = looked.broken;
  const broken =
    count === 0
      ? []
      : [
          check('broken-rows', {
            count,
            message: `${rows(count)} not like the others, the first in line ${line}.`,
          }),
        ];
  return [...missing, ...toChoose, ...ofColumns, ...broken].toSorted(
    (one, other) => Number(other.mustSettle) - Number(one.mustSettle),
  );
}

interface Told {
  rows: number;
  filled: number;
  values: Map<string, number>;
}

function columnChecks(
  column: AnalysisColumn,
  told: Told,
  reading: DealReading,
  choices: Choices,
): AnalysisCheck[] {
  const said = reading.mapping[column.name];
  const field = dealField(said ?? '');
  if (!said && told.filled > 0) {
    const free = dealFields.filter(({ field }) => !Object.values(reading.mapping).includes(field));
    return [
      check('unmapped', {
        ...{ column: column.name, count: told.filled },
        message: `“${column.name}” has no field: it is kept as it is.`,
        choices: free.map(({ field, label }) => ({ value: field, label })),
      }),
    ];
  }
  if (!field) return [];
  if (field.reads === 'stage') return stageChecks(column, told, reading, choices);
  if (field.reads === 'owner') return ownerChecks(column, told, reading, choices);
  if (field.field === 'name' && told.filled < told.rows) {
    const count = told.rows - told.filled;
    const message = `${rows(count)} without a name, and left out.`;
    return [check('unnamed-rows', { column: column.name, field: 'name', count, message })];
  }
  return unreadable(column, told, reading, field);
}

function stageChecks(
  { name }: AnalysisColumn,
  told: Told,
  { stages, options }: DealReading,
  choices: Choices,
) {
  const values = [...told.values].flatMap(([text, count]) => {
    const stage = stageMeant(text, stages, options);
    const isPlain = stage && [stage.slug, stage.name].some((word) => same(word, text));
    return isPlain ? [] : [{ text, count, readAs: stage?.name ?? null }];
  });
  if (values.length === 0) return [];
  return [
    check('new-stages', {
      ...{ column: name, field: 'stage', values: values.slice(0, 100), count: countOf(values) },
      message:
        values.length === 1
          ? 'One stage is called otherwise here.'
          : `${values.length} stages are called otherwise here.`,
      choices: choices.stages.map(({ slug, name }) => ({ value: slug, label: name })),
    }),
  ];
}

function ownerChecks(
  { name }: AnalysisColumn,
  told: Told,
  { people, options }: DealReading,
  choices: Choices,
) {
  const values = [...told.values]
    .filter(([text]) => !personMeant(text, people, options))
    .map(([text, count]) => ({ text, count, readAs: null }));
  if (values.length === 0) return [];
  return [
    check('unknown-owners', {
      ...{ column: name, field: 'owner', values: values.slice(0, 100), count: countOf(values) },
      message:
        values.length === 1 ? 'One owner is no member.' : `${values.length} owners are no members.`,
      choices: choices.members.map(({ userId, name }) => ({ value: userId, label: name })),
    }),
  ];
}

function unreadable(column: AnalysisColumn, told: Told, reading: DealReading, field: DealField) {
  if (unsettled([column], reading.mapping, reading.options).length > 0) return [];
  const read = cellReader(column, field, reading);
  const values = [...told.values]
    .filter(([text]) => read(text) === undefined)
    .map(([text, count]) => ({ text, count, readAs: null }));
  if (values.length === 0) return [];
  const count = countOf(values);
  const kind = writtenAs(field) === 'date' ? 'unreadable-dates' : 'unreadable-values';
  const message = `${field.label}: ${count === 1 ? 'one value' : `${count} values`} cannot be read.`;
  return [
    check(kind, {
      ...{ column: column.name, field: field.field, count, message },
      values: values.slice(0, 20),
    }),
  ];
}

function check(
  kind: AnalysisCheck['kind'],
  {
    column = null,
    field = null,
    mustSettle = false,
    ...rest
  }: Partial<AnalysisCheck> & { message: string; count: number },
): AnalysisCheck {
  return { kind, column, field, mustSettle, ...rest };
}

function countOf(values: { count: number }[]): number {
  return values.reduce((sum, { count }) => sum + count, 0);
}

function rows(count: number): string {
  return count === 1 ? 'One row is' : `${count} rows are`;
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.trim().toLowerCase();
}

const words: Record<Format, string> = {
  iso: 'Year first: 2026-03-14',
  mdy: 'Month first: 03/14/2026',
  dmy: 'Day first: 14/03/2026',
  point: 'A point before the fraction: 1,234.50',
  comma: 'A comma before the fraction: 1.234,50',
  percent: 'From 0 to 100',
  fraction: 'From 0 to 1',
};

/** What a format means, with an example. */
export function inWords(format: Format): string {
  return words[format];
}
