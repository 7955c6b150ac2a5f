import type {
  AnalysisCheck,
  AnalysisColumn,
  AnalysisOptions,
  Format,
  PreviewRow,
} from '#domain/analysis.ts';

/** What a column can be taken for. */
export interface DealField {
  field: string;
  label: string;
  reads: string;
  importance: 'needed' | 'better' | 'more';
  /** What it is good for. */
  why?: string;
}
export interface DealFields {
  fields: DealField[];
}

export type Mapping = Record<string, string>;

/** A column that stays beside the fields as it is, and one that is not read at all. */
export const OWN = 'custom';
export const LEFT_OUT = 'skip';

const formatNames: Record<Format, string> = {
  iso: 'year first',
  mdy: 'month first',
  dmy: 'day first',
  point: '1,234.50',
  comma: '1.234,50',
  percent: '0 to 100',
  fraction: '0 to 1',
};

export function sayFormat(format: Format): string {
  return formatNames[format];
}

const byKind: Record<string, Format[]> = {
  date: ['iso', 'mdy', 'dmy'],
  instant: ['iso', 'mdy', 'dmy'],
  money: ['point', 'comma'],
  number: ['point', 'comma'],
  share: ['percent', 'fraction'],
};

/** The ways in which the values of a column can be read; none where there is only one. */
export function formatsFor(field: DealField | undefined): Format[] {
  return byKind[field?.reads ?? ''] ?? [];
}

/** How a column is read: as somebody chose, else as its values settle it. */
export function formatOf(column: AnalysisColumn, options: AnalysisOptions): Format | undefined {
  return options.formats?.[column.name] ?? column.format;
}

/** The same mapping with one column taken for something else; a field is taken by one column only. */
export function mapped(mapping: Mapping, column: string, field: string): Mapping {
  const rest = Object.entries(mapping).filter(
    ([name, taken]) => name !== column && (taken !== field || field === OWN || field === LEFT_OUT),
  );
  return { ...Object.fromEntries(rest), [column]: field };
}

/** Columns matched one after the other with the fields in the order they are listed. */
export function mappedInOrder(columns: AnalysisColumn[], fields: DealField[]): Mapping {
  return Object.fromEntries(
    columns.map(({ name }, index) => [name, fields[index]?.field ?? OWN] as const),
  );
}

/** How rows would be read, and what to look at before. */
export interface Preview {
  rows: PreviewRow[];
  checks: AnalysisCheck[];
  /** How many rows were looked at, and whether these are all. */
  looked: number;
  isWhole: boolean;
  ready: boolean;
}

export type ColumnGroup = 'all' | 'check' | 'out';

/** Which columns are listed: all, those to look at, or those that are not read. */
export function grouped(
  columns: AnalysisColumn[],
  { mapping, checks, group }: { mapping: Mapping; checks: AnalysisCheck[]; group: ColumnGroup },
): AnalysisColumn[] {
  if (group === 'all') return columns;
  if (group === 'out') return columns.filter(({ name }) => mapping[name] === LEFT_OUT);
  return columns.filter(({ name }) => checks.some(({ column }) => column === name));
}

/** From what is sure to what is a guess. */
export function sureness(confidence: number): 'accent' | 'quiet' | 'warn' {
  if (confidence >= 0.85) return 'accent';
  return confidence >= 0.6 ? 'quiet' : 'warn';
}

/** Checks as they are listed: columns without a field are one matter when there are many of them. */
export function gathered(checks: AnalysisCheck[]): {
  listed: AnalysisCheck[];
  unmapped: AnalysisCheck[];
} {
  const unmapped = checks.filter(({ kind }) => kind === 'unmapped');
  if (unmapped.length < 3) return { listed: checks, unmapped: [] };
  return { listed: checks.filter(({ kind }) => kind !== 'unmapped'), unmapped };
}
