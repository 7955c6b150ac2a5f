import { expect, test } from 'vitest';
import type { AnalysisCheck, AnalysisColumn } from '#domain/analysis.ts';
import {
  type DealField,
  formatOf,
  formatsFor,
  gathered,
  grouped,
  LEFT_OUT,
  mapped,
  mappedInOrder,
  OWN,
} from './analysis-columns.ts';
import { paceOf } from './analysis.ts';
import { pastedFile } from './analysis-paste.ts';

const fields: DealField[] = [
  { field: 'name', label: 'Deal name', reads: 'text', importance: 'needed' },
  { field: 'amountCents', label: 'Amount', reads: 'money', importance: 'needed' },
  { field: 'nextStep', label: 'Next step', reads: 'text', importance: 'better' },
];

function column(name: string, more: Partial<AnalysisColumn> = {}): AnalysisColumn {
  return { name, filled: 1, samples: [], confidence: 0, because: '', ...more };
}

test('a field that is given to another column leaves the one that had it', () => {
  const mapping = { Title: 'name', Value: 'amountCents', Notes: OWN };
  expect(mapped(mapping, 'Deal', 'name')).toEqual({
    ...{ Value: 'amountCents', Notes: OWN, Deal: 'name' },
  });
  expect(mapped(mapping, 'Deal', OWN)).toEqual({ ...mapping, Deal: OWN });
  expect(mapped(mapping, 'Title', LEFT_OUT)).toEqual({ ...mapping, Title: LEFT_OUT });
});

function check(kind: AnalysisCheck['kind'], column: string): AnalysisCheck {
  return { kind, column, field: null, message: '', count: 1, mustSettle: false };
}

test('many columns without a field are one matter to check, a few are each their own', () => {
  const two = [check('unmapped', 'A'), check('unmapped', 'B')];
  expect(gathered(two)).toEqual({ listed: two, unmapped: [] });
  const stages = check('new-stages', 'Stage');
  const three = [...two, check('unmapped', 'C')];
  expect(gathered([stages, ...three])).toEqual({ listed: [stages], unmapped: three });
});

test('columns can be matched in the order of the fields, and what is left over is kept', () => {
  const columns = ['A', 'B', 'C', 'D'].map((name) => column(name));
  expect(mappedInOrder(columns, fields)).toEqual({
    ...{ A: 'name', B: 'amountCents', C: 'nextStep', D: OWN },
  });
});

test('how a column is written is what somebody said, else what its values settle', () => {
  const value = column('Value', { format: 'point' });
  expect(formatOf(value, {})).toBe('point');
  expect(formatOf(value, { formats: { Value: 'comma' } })).toBe('comma');
  expect(formatsFor(fields[1])).toEqual(['point', 'comma']);
  expect(formatsFor(fields[0])).toEqual([]);
});

test('columns are listed by what there is to do about them', () => {
  const columns = [column('Title'), column('When'), column('By')];
  const given = {
    mapping: { Title: 'name', By: LEFT_OUT },
    checks: [check('unmapped', 'When')],
  };
  expect(grouped(columns, { ...given, group: 'check' }).map(({ name }) => name)).toEqual(['When']);
  expect(grouped(columns, { ...given, group: 'out' }).map(({ name }) => name)).toEqual(['By']);
  expect(grouped(columns, { ...given, group: 'all' })).toHaveLength(3);
});

test('an analysis says how fast it goes and how long it will take', () => {
  const half = { rows: 200, rowsTotal: 400, startedAt: '2026-03-16T10:00:00Z' };
  const pace = paceOf(half, new Date('2026-03-16T10:00:10Z'));
  expect(pace).toEqual({ rate: 20, secondsLeft: 10, share: 0.5 });
  expect(paceOf({ ...half, rowsTotal: null }, new Date()).secondsLeft).toBeUndefined();
});

test('rows that are pasted from a sheet are a file, words are not', async () => {
  const file = pastedFile('Deal\tAmount\nRedwood Ice\t18400');
  expect(file?.name).toBe('pasted rows.tsv');
  await expect(file?.text()).resolves.toBe('Deal\tAmount\nRedwood Ice\t18400\n');
  expect(pastedFile('only, one line')).toBeUndefined();
  expect(pastedFile('two\nwords')).toBeUndefined();
});
