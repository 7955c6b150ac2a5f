import type { AnalysisColumn, AnalysisOptions, ColumnMapping, Format } from '#domain/analysis.ts';
import type { Fault } from '#domain/refusal.ts';
import type { FactValue, RuleFacts } from '#domain/rule.ts';
import { type DealField, dealField, writtenAs } from './deal-fields.ts';
import { readDate, readFlag, readNumber } from './deal-values.ts';
import { ownerOf, type People, stageOf, type Stages } from './deal-words.ts';

/** All that is needed to read the rows of one file. */
export interface DealReading {
  columns: Pick<AnalysisColumn, 'name' | 'can'>[];
  mapping: ColumnMapping;
  options: AnalysisOptions;
  /** Of the workspace. */
  zone: string;
  /** How many digits its currency has after the point. */
  digits: number;
  stages: Stages;
  people: People;
}

/** A row of a file as a deal. */
export interface ReadDeal {
  /** What names it in the next file too. */
  subject: string;
  name: string;
  stage: string | null;
  owner: string | null;
  ownerId: string | null;
  company: string | null;
  amountCents: number | null;
  facts: RuleFacts;
  /** Columns that are no field of ours. */
  custom: Record<string, string>;
}

/** A deal with the values that could not be read, or the reason why the row is none. */
export type RowRead = { deal: ReadDeal; faults: Fault[] } | { fault: Fault };

interface Cell {
  column: string;
  field: DealField | undefined;
  format: Format | undefined;
  number: Format | undefined;
}

/** Custom values longer than this are cut, in characters. */
const LONGEST = 2000;

/**
 * Reads rows as deals by the mapping, once for all of them. A cell that is empty is known to be so (null), a column
 * that is not there is not known at all. What cannot be read is null with a fault; a row without a name is no deal.
 */
export function dealReader(reading: DealReading): (cells: string[]) => RowRead {
  const plan = planOf(reading);
  return function read(cells) {
    const facts: RuleFacts = {};
    const custom: Record<string, string> = {};
    const faults: Fault[] = [];
    let externalId = '';
    for (const cell of plan) {
      const text = clean(cells[cell.at] ?? '');
      if (!cell.field) {
        if (text) custom[cell.column] = text.slice(0, LONGEST);
        facts[`custom.${cell.column}`] = text === '' ? null : text.slice(0, LONGEST);
      } else if (cell.field.field === 'externalId') externalId = text.slice(0, 200);
      else readInto(facts, faults, cell, text, reading);
    }
    if (!facts['name']) return { fault: { field: 'name', message: 'The deal has no name.' } };
    return { deal: dealOf(facts, custom, externalId), faults };
  };
}

/** The facts that rows of such a file can say, whatever their values, and those that follow from them. */
export function factsOfColumns({
  columns,
  mapping,
}: Pick<DealReading, 'columns' | 'mapping'>): Set<string> {
  const known = new Set<string>();
  for (const { name } of columns) {
    const field = Object.hasOwn(mapping, name) ? mapping[name]! : 'custom';
    if (field === 'skip') continue;
    const facts = factsOfField[field] ?? [field === 'custom' ? `custom.${name}` : field];
    for (const fact of facts) known.add(fact);
  }
  for (const [fact, needs] of Object.entries(following)) {
    if (needs.every((one) => known.has(one))) known.add(fact);
  }
  return known;
}

/** Facts that say themselves only where the file says these; the crowd knows no more of it. */
export const following: Record<string, string[]> = {
  probabilityGap: ['probability', 'stage'],
  sameCompanyAndAmount: ['companyName', 'amountCents'],
  amountToMedian: ['amountCents'],
  ageToMedianCycle: ['createdAt', 'wonAt'],
  daysToQuarterEnd: ['expectedCloseOn'],
  quarterEndShare: ['expectedCloseOn', 'amountCents'],
};

const factsOfField: Record<string, string[]> = {
  stage: ['stage', 'stageName', 'stageKind', 'stagePosition', 'stageProbability'],
  owner: ['ownerId', 'ownerName', 'ownerIsActive'],
};

/** What is wrong with a mapping. */
export function faultsInMapping(mapping: ColumnMapping, columns: string[]): Fault[] {
  const faults: Fault[] = [];
  const taken = new Set<string>();
  for (const [column, field] of Object.entries(mapping)) {
    const at = `mapping.${column}`;
    if (!columns.includes(column)) faults.push({ field: at, message: 'There is no such column.' });
    else if (field === 'custom' || field === 'skip') continue;
    else if (!dealField(field)) faults.push({ field: at, message: 'There is no such field.' });
    else if (taken.has(field)) {
      faults.push({ field: at, message: 'Another column is read as this field.' });
    }
    taken.add(field);
  }
  if (!taken.has('name') && faults.length === 0) {
    faults.push({ field: 'mapping', message: 'Say which column names the deal.' });
  }
  return faults;
}

/** How a column is written: as was said of it, else of all columns of its kind, else as its values settle it. */
export function formatOf(
  { name, can }: Pick<AnalysisColumn, 'name' | 'can'>,
  field: DealField,
  options: AnalysisOptions,
): Format | undefined {
  const written = writtenAs(field);
  if (!written) return undefined;
  const { dateFormat: date, numberFormat: number, shareFormat: share } = options;
  return options.formats?.[name] ?? can?.[written]?.format ?? { date, number, share }[written];
}

/** Reads the cells of one column: nothing for what cannot be read, null for what is empty. */
export function cellReader(
  column: Pick<AnalysisColumn, 'name' | 'can'>,
  field: DealField,
  reading: DealReading,
): (text: string) => FactValue | undefined {
  const cell = cellOf(column, field, reading.options);
  return (text) => (isEmpty(text) ? null : valueOf(text, cell, reading));
}

function planOf({ columns, mapping, options }: DealReading): (Cell & { at: number })[] {
  return columns.flatMap((column, at) => {
    const name = Object.hasOwn(mapping, column.name) ? mapping[column.name]! : 'custom';
    return name === 'skip' ? [] : [{ at, ...cellOf(column, dealField(name), options) }];
  });
}

function cellOf(
  column: Pick<AnalysisColumn, 'name' | 'can'>,
  field: DealField | undefined,
  options: AnalysisOptions,
): Cell {
  const format = field && formatOf(column, field, options);
  const number = column.can?.number?.format ?? options.numberFormat;
  return { column: column.name, field, format, number };
}

/** A dash is how some write nothing. */
function isEmpty(text: string): boolean {
  return text === '' || text === '–' || text === '-';
}

function readInto(
  facts: RuleFacts,
  faults: Fault[],
  cell: Cell,
  text: string,
  reading: DealReading,
): void {
  const { field, reads } = cell.field!;
  if (reads === 'stage')
    return void Object.assign(facts, stageOf(text, reading.stages, reading.options));
  if (reads === 'owner')
    return void Object.assign(facts, ownerOf(text, reading.people, reading.options));
  const value = isEmpty(text) ? null : valueOf(text, cell, reading);
  if (value === undefined) {
    faults.push({ field, message: `${cell.field!.label} “${text.slice(0, 60)}” cannot be read.` });
  }
  facts[field] = value ?? null;
}

/** Nothing for what cannot be read as stated. */
function valueOf(
  text: string,
  cell: Cell,
  { options, zone, digits }: DealReading,
): FactValue | undefined {
  const { reads } = cell.field!;
  if (reads === 'text') return text.slice(0, 500);
  if (reads === 'flag') return readFlag(text);
  if (reads === 'list')
    return text
      .split(/\s*[,;|]\s*/)
      .filter(Boolean)
      .slice(0, 50);
  if (reads === 'date' || reads === 'instant') {
    const when = readDate(text, cell.format, options.zone ?? zone);
    return reads === 'date' ? when?.day : when?.instant;
  }
  if (reads === 'share') return shareOf(text, cell);
  const number = readNumber(text, cell.format);
  if (number === undefined || (reads === 'count' && !Number.isInteger(number))) return undefined;
  if (reads !== 'money') return number;
  const cents = Math.round(number * 10 ** digits);
  return Number.isSafeInteger(cents) ? cents : undefined;
}

/** 0.8 in a column of percents may be four fifths or less than one: it is neither. */
function shareOf(text: string, { format, number: written }: Cell): number | undefined {
  const number = readNumber(text, written ?? 'point');
  if (number === undefined) return undefined;
  if (!text.includes('%') && format === 'fraction') {
    return number >= 0 && number <= 1 ? Math.round(number * 10_000) / 100 : undefined;
  }
  const isTold = text.includes('%') || number === 0 || number >= 1;
  return isTold && number >= 0 && number <= 100 ? number : undefined;
}

function dealOf(facts: RuleFacts, custom: Record<string, string>, externalId: string): ReadDeal {
  const name = textOf(facts['name'])!.slice(0, 300);
  const company = textOf(facts['companyName']);
  const amount = facts['amountCents'];
  const named = [name, company ?? ''].map((word) => word.toLowerCase()).join('|');
  if (typeof facts['probability'] === 'number' && typeof facts['stageProbability'] === 'number') {
    facts['probabilityGap'] = Math.abs(facts['probability'] - facts['stageProbability']);
  }
  return {
    subject: externalId ? `id:${externalId}` : `deal:${named}`,
    ...{ name, company, facts, custom },
    stage: textOf(facts['stageName']),
    owner: textOf(facts['ownerName']),
    ownerId: textOf(facts['ownerId']),
    amountCents: typeof amount === 'number' ? amount : null,
  };
}

function textOf(value: FactValue | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** What the database can keep. */
function clean(text: string): string {
  const cell = text.trim();
  return cell.includes('\0') || !cell.isWellFormed()
    ? cell.replaceAll('\0', '\ufffd').toWellFormed()
    : cell;
}
