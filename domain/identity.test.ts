import { expect, test } from 'vitest';
import { companyKey, labelOf, namesAgree, personKey } from './identity.ts';

test.each([
  ['Acme Towing, Inc.', 'ACME TOWING'],
  ['Müller & Söhne GmbH', 'Muller and Sohne'],
  ['The Acme Co.', 'Acme'],
  ["Joe's Plumbing L.L.C.", 'Joes Plumbing LLC'],
  ['A.B.C. Hauling', 'ABC Hauling'],
])('%s and %s are one company', (one, other) => {
  expect(companyKey(one)).toBe(companyKey(other));
});

test('a name that is nothing but a legal form is still a name', () => {
  expect(companyKey('Inc.')).toBe('inc');
  expect(companyKey('—')).toBeUndefined();
});

test('a first name does not contradict a full name but another one does', () => {
  expect(namesAgree(personKey('José'), personKey('Jose', 'Ruiz'))).toBe(true);
  expect(namesAgree('', personKey('Ann'))).toBe(true);
  expect(namesAgree(personKey('Ann', 'Lee'), personKey('Bob', 'Lee'))).toBe(false);
});

test('a person is called by full name then company then address', () => {
  const all = { firstName: 'Ann', lastName: 'Lee', company: 'Acme', email: 'a@acme.example' };
  expect(labelOf(all)).toBe('Ann Lee');
  expect(labelOf({ ...all, firstName: null, lastName: ' ' })).toBe('Acme');
  expect(labelOf({ email: 'a@acme.example' })).toBe('a@acme.example');
  expect(labelOf({})).toBe('');
});
