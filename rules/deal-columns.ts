import type {
  AnalysisColumn,
  AnalysisOptions,
  ColumnMapping,
  Format,
  Readings,
} from '#domain/analysis.ts';
import { type DealField, dealField, proposeColumns, writtenAs } from './deal-fields.ts';
import { readingsOfDates, readingsOfNumbers, readingsOfShares } from './deal-readings.ts';
import { faultsInMapping, formatOf } from './deal-row.ts';

interface Told {
  filled: number;
  /** Different values with how often they were met. */
  values: Map<string, number>;
}

const SAMPLES = 5;
/** How many cells of a table are tried as dates and as numbers. */
const TRIED = 20_000;

/**
 * Columns as they were found, with what each is proposed to be and how it is written. Without exactly one reading
 * there is no format: somebody must say which it is.
 */
export function describeColumns(names: string[], told: Told[]): AnalysisColumn[] {
  const most = Math.max(20, Math.floor(TRIED / names.length));
  const values = told.map(({ values }) => [...values.keys()].slice(0, most));
  return proposeColumns(names, values).map(({ field, confidence, because }, at) => {
    const number = readingsOfNumbers(values[at]!);
    const share = readingsOfShares(values[at]!, number.format);
    const can = { date: readingsOfDates(values[at]!), number, share };
    return {
      ...{ name: names[at]!, filled: told[at]!.filled, confidence, because, can },
      samples: values[at]!.slice(0, SAMPLES),
      ...(field && { field, ...readingsAs(dealField(field)!, can) }),
    };
  });
}

/** The same with what else proposed for those that are taken for nothing yet; no field is given twice. */
export function withProposals(
  columns: AnalysisColumn[],
  proposals: { column: string; field?: string; confidence: number; because: string }[],
): AnalysisColumn[] {
  const taken = new Set(columns.map(({ field }) => field));
  return columns.map((column) => {
    const proposal = proposals.find((one) => one.column === column.name);
    const field = dealField(proposal?.field ?? '');
    if (column.field || !proposal || !field || taken.has(field.field)) return column;
    taken.add(field.field);
    const { confidence, because } = proposal;
    return { ...column, field: field.field, confidence, because, ...readingsAs(field, column.can) };
  });
}

/** What is done with the columns when nobody says otherwise; formats stay with their columns. */
export function proposedBy(columns: AnalysisColumn[]): {
  mapping: ColumnMapping;
  options: AnalysisOptions;
} {
  const named = columns.flatMap(({ name, field }) => (field ? [[name, field] as const] : []));
  return { mapping: Object.fromEntries(named), options: {} };
}

/** Columns whose values have several readings, of which nobody has said which it is. */
export function unsettled(
  columns: AnalysisColumn[],
  mapping: ColumnMapping,
  options: AnalysisOptions,
): { column: string; field: string; readings: Format[] }[] {
  return columns.flatMap((column) => {
    const field = dealField(mapping[column.name] ?? '');
    if (!field || formatOf(column, field, options)) return [];
    const { readings } = readingsAs(field, column.can);
    return readings ? [{ column: column.name, field: field.field, readings }] : [];
  });
}

/** Whether a file can be read without asking: its needed columns are sure, and each has one reading. */
export function isSettled(
  columns: AnalysisColumn[],
  mapping: ColumnMapping,
  options: AnalysisOptions,
): boolean {
  const names = columns.map(({ name }) => name);
  const taken = new Set(Object.values(mapping));
  const needed = ['name', 'amountCents', 'stage', 'expectedCloseOn'];
  const isSure = columns.every(
    ({ name, field, confidence }) => mapping[name] !== field || !field || confidence >= 0.7,
  );
  return (
    faultsInMapping(mapping, names).length === 0 &&
    needed.every((field) => taken.has(field)) &&
    unsettled(columns, mapping, options).length === 0 &&
    isSure
  );
}

function readingsAs(field: DealField, can: AnalysisColumn['can']): Readings {
  const written = writtenAs(field);
  return (written && can?.[written]) ?? {};
}
