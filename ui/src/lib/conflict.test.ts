import { expect, test } from 'vitest';
import { differencesOf, nested, valuesOf } from './conflict.ts';

const labels = { status: 'Status', 'contact.email': 'Email' };

test('only what both changed, and differently, is a conflict', () => {
  const base = { status: 'new', 'contact.email': null, notes: 'a' };
  const mine = { status: 'qualified', 'contact.email': 'a@acme.example', notes: 'b' };
  const theirs = { status: 'contacted', 'contact.email': null, notes: 'b' };
  expect(differencesOf({ base, mine, theirs }, labels)).toEqual([
    { field: 'status', label: 'Status', base: 'new', mine: 'qualified', theirs: 'contacted' },
  ]);
});

test('a field of a part is read and written where it stands in the record', () => {
  const record = { status: 'new', contact: { email: 'a@acme.example', phone: null } };
  const values = valuesOf(record, ['status', 'contact.email', 'contact.phone']);
  expect(values['contact.email']).toBe('a@acme.example');
  expect(nested(values)).toEqual(record);
});
