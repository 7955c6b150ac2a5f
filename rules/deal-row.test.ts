import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import type { AnalysisOptions, ColumnMapping } from '#domain/analysis.ts';
import { describeColumns, isSettled, proposedBy, unsettled } from './deal-columns.ts';
import { dealFields } from './deal-fields.ts';
import { dealReader, factsOfColumns, faultsInMapping } from './deal-row.ts';
import { peopleByWord, stagesByWord } from './deal-words.ts';
import { factOf } from './facts.ts';

const stages = stagesByWord([
  { slug: 'discovery', name: 'Discovery', kind: 'open', position: 0, probability: 20 },
  { slug: 'proposal', name: 'Proposal', kind: 'open', position: 2, probability: 60 },
  { slug: 'negotiation', name: 'Negotiation', kind: 'open', position: 3, probability: 80 },
  { slug: 'closed_won', name: 'Closed won', kind: 'won', position: 4, probability: 100 },
]);
const people = peopleByWord([
  { userId: 'u1', name: 'Marcus Oyelaran', email: 'm.oyelaran@people.example' },
  { userId: 'u2', name: 'Dana Whitlock', email: 'dana@people.example' },
  { userId: 'u3', name: 'Dana Wells', email: 'wells@people.example' },
]);

function columnsOf(names: string[], rows: string[][]) {
  const told = names.map((_, at) => {
    const cells = rows.map((row) => row[at]!).filter(Boolean);
    return { filled: cells.length, values: new Map(cells.map((cell) => [cell, 1])) };
  });
  return describeColumns(names, told);
}

function reading(
  names: string[],
  rows: string[][],
  changes: { mapping?: ColumnMapping; options?: AnalysisOptions } = {},
) {
  const columns = columnsOf(names, rows);
  const { mapping, options } = { ...proposedBy(columns), ...changes };
  return { columns, mapping, options, zone: 'UTC', digits: 2, stages, people };
}

function read(
  names: string[],
  rows: string[][],
  changes?: { mapping?: ColumnMapping; options?: AnalysisOptions },
) {
  return rows.map(dealReader(reading(names, rows, changes)));
}

describe('columns are proposed', () => {
  test('for what Salesforce and HubSpot export of opportunities', () => {
    const salesforce = ['Id', 'Name', 'Amount', 'StageName', 'CloseDate', 'Probability'];
    const hubspot = ['Record ID', 'Deal Name', 'Deal Stage', 'Close Date', 'Deal owner', 'Amount'];
    expect(columnsOf(salesforce, []).map(({ field }) => field)).toEqual([
      ...['externalId', 'name', 'amountCents', 'stage', 'expectedCloseOn', 'probability'],
    ]);
    expect(columnsOf(hubspot, []).map(({ field }) => field)).toEqual([
      ...['externalId', 'name', 'stage', 'expectedCloseOn', 'owner', 'amountCents'],
    ]);
  });

  test('with the way they are written, and without one where a person must say it', () => {
    const names = ['Deal', 'Amount', 'Stage', 'Close date'];
    const columns = columnsOf(names, [
      ['A', '$1,000.00', 'Discovery', '04/03/2026'],
      ['B', '$2,000.00', 'Discovery', '05/03/2026'],
    ]);
    expect(columns[1]).toMatchObject({ field: 'amountCents', format: 'point' });
    expect(columns[3]).toMatchObject({ field: 'expectedCloseOn', readings: ['mdy', 'dmy'] });
    const { mapping } = proposedBy(columns);
    expect(isSettled(columns, mapping, {})).toBe(false);
    expect(isSettled(columns, mapping, { dateFormat: 'dmy' })).toBe(true);
    expect(unsettled(columns, mapping, {})).toEqual([
      { column: 'Close date', field: 'expectedCloseOn', readings: ['mdy', 'dmy'] },
    ]);
  });

  test('and each field is a fact that rules can ask for', () => {
    const own = ['owner', 'externalId'];
    for (const { field } of dealFields) {
      expect([field, own.includes(field) || factOf(field)?.inFiles]).toEqual([field, true]);
    }
  });
});

describe('a row becomes a deal', () => {
  const names = ['Deal Name', 'Amount', 'Stage', 'Close Date', 'Owner', 'Prob %', 'Region'];

  test('with facts of one kind each, and its own columns kept', () => {
    const cells = ['Redwood Ice', '$18,400.00', 'Proposal/Price Quote', '04/13/2026'];
    const [row] = read(names, [[...cells, 'm.oyelaran', '50', 'W MTN']]);
    expect(row).toMatchObject({
      faults: [],
      deal: {
        ...{ name: 'Redwood Ice', amountCents: 1_840_000, stage: 'Proposal', ownerId: 'u1' },
        custom: { Region: 'W MTN' },
        facts: {
          ...{ amountCents: 1_840_000, stage: 'proposal', stageKind: 'open', stagePosition: 2 },
          ...{ expectedCloseOn: '2026-04-13', ownerName: 'Marcus Oyelaran', ownerIsActive: true },
          ...{ probability: 50, probabilityGap: 10, 'custom.Region': 'W MTN' },
        },
      },
    });
  });

  test('where empty is known to be empty and what cannot be read is told', () => {
    const [row] = read(names, [['Old Mill', '', 'Verbal', 'Q2', 'Dana W.', '', '']]);
    expect(row).toMatchObject({
      faults: [{ field: 'expectedCloseOn', message: 'Close date “Q2” cannot be read.' }],
      deal: {
        ...{ stage: 'Negotiation', owner: 'Dana W.', ownerId: null },
        facts: { amountCents: null, expectedCloseOn: null, probability: null },
      },
    });
    // Two members are called so: nobody knows which of them it is.
    expect((row as { deal: { facts: object } }).deal.facts).not.toHaveProperty('ownerId');
  });

  test('as a person said what its texts mean', () => {
    const options = { stages: { Wait: 'discovery' }, owners: { 'Dana W.': 'u3' } };
    const cells = ['A', '1', 'Wait', '2026-01-01', 'Dana W.', '5', ''];
    const [row] = read(names, [cells], { options });
    expect(row).toMatchObject({ deal: { stage: 'Discovery', ownerId: 'u3' } });
  });

  test('or says why it is none', () => {
    expect(read(names, [['', '1', '', '', '', '', '']])).toEqual([
      { fault: { field: 'name', message: 'The deal has no name.' } },
    ]);
  });

  test('and what names it is the same in the next file', () => {
    const [one] = read(['Deal Name', 'Company'], [['Ice', 'Redwood']]);
    const [other] = read(['Company', 'Deal Name'], [['REDWOOD', 'ice']]);
    const [known] = read(['Deal Name', 'SFDC ID'], [['Ice', '0065e1']]);
    expect(one).toMatchObject({ deal: { subject: 'deal:ice|redwood' } });
    expect(other).toMatchObject({ deal: { subject: 'deal:ice|redwood' } });
    expect(known).toMatchObject({ deal: { subject: 'id:0065e1' } });
  });

  test('and a column called __proto__ is data', () => {
    const [row] = read(['Deal Name', '__proto__'], [['Ice', 'x']]);
    expect(row).toHaveProperty('deal.name', 'Ice');
    expect(({} as { x?: string }).x).toBeUndefined();
  });
});

test('a Salesforce bulk file says by its columns which rules can look at it', () => {
  const file = readFileSync('tests/fixtures/csv/salesforce/Account_bulk1_test.csv', 'utf8');
  const [names, ...rows] = parse(file, { bom: true }) as string[][];
  const found = reading(names!, rows);
  const known = factsOfColumns(found);
  expect(known).toContain('name');
  expect(known).toContain('custom.WEBSITE');
  expect(known).not.toContain('amountCents');
});

test('a mapping that cannot work says why', () => {
  const columns = ['a', 'b'];
  expect(faultsInMapping({ a: 'name', b: 'name' }, columns)).toHaveLength(1);
  expect(faultsInMapping({ c: 'name' }, columns)).toHaveLength(1);
  expect(faultsInMapping({ a: 'password' }, columns)).toHaveLength(1);
  expect(faultsInMapping({ a: 'stage' }, columns)).toEqual([
    { field: 'mapping', message: 'Say which column names the deal.' },
  ]);
  expect(faultsInMapping({ a: 'name', b: 'skip' }, columns)).toEqual([]);
});
