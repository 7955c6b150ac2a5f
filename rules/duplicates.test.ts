import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { likenessOfFirms } from '#domain/duplicate-company.ts';
import { likenessOfPeople, type Person } from '#domain/duplicate-person.ts';
import { judge, readFebrl } from '#tests/febrl.ts';
import { loadDuplicates } from './duplicates.ts';

const settings = loadDuplicates();

describe.each([1, 2] as const)('people of the FEBRL set %i', (set) => {
  test('are told apart with a precision of 0.99 and found with a recall of 0.90', () => {
    const { precision, recall } = judge(readFebrl(set), settings);
    expect(precision).toBeGreaterThanOrEqual(0.99);
    expect(recall).toBeGreaterThanOrEqual(0.99);
  });

  test('are found as well when their number in another system is not known', () => {
    const { precision, recall } = judge(readFebrl(set, ['externalId']), settings);
    expect(precision).toBeGreaterThanOrEqual(0.99);
    expect(recall).toBeGreaterThanOrEqual(0.97);
  });
});

test('among all pairs none is named that only shares what many share', () => {
  const some = readFebrl(1, ['externalId']).slice(0, 400);
  expect(judge(some, settings, true).precision).toBe(1);
});

const dana: Person = { firstName: 'Dana', lastName: 'Whitfield', email: 'dana@haul.example' };

function score(one: Person, other: Person): number {
  return likenessOfPeople(settings.contact, one, other).score;
}

test('one mailbox in two spellings is one person', () => {
  const [one, other] = ['d.whitfield@haul.example', 'dwhitfield+crm@haul.example'];
  expect(score({ email: one }, { email: other })).toBeGreaterThan(settings.threshold);
  expect(score({ ...dana, email: one }, { ...dana, email: other })).toBeGreaterThan(0.99);
});

test('a colleague who answers the same phone is another person', () => {
  const phone = '+15005550100';
  const reading = { firstName: 'Ruth', lastName: 'Okafor', phone, companyId: 'c' };
  expect(score({ ...dana, phone, companyId: 'c' }, reading)).toBeLessThan(0.1);
});

test('the same name in another company is not enough, in the same company it is', () => {
  const { firstName, lastName } = dana;
  const name = { firstName, lastName };
  expect(score({ ...name, companyId: 'a' }, { ...name, companyId: 'b' })).toBeLessThan(0.5);
  const { score: same, reasons } = likenessOfPeople(
    settings.contact,
    { ...name, companyId: 'a' },
    { ...name, lastName: 'Whitfeild', companyId: 'a' },
  );
  expect(same).toBeGreaterThan(settings.threshold);
  expect(reasons.map(({ says }) => says)).toEqual([
    'nearly the same last name',
    'the same company',
    'the same first name',
  ]);
});

test('names in each other’s place are recognised', () => {
  const swapped = { firstName: 'Whitfield', lastName: 'Dana' };
  const { reasons } = likenessOfPeople(settings.contact, dana, swapped);
  expect(reasons[0]!.says).toBe('first and last name are swapped');
});

test('firms of one domain are one and branches in two cities are two', () => {
  const firm = { name: 'Blue Ridge Freight, Inc.', domain: 'blueridge.example' };
  const table = settings.company;
  expect(likenessOfFirms(table, firm, { ...firm, name: 'Blue Ridge' }).score).toBeGreaterThan(0.9);
  const [here, there] = [
    { name: 'Quick Lube', city: 'Austin', region: 'TX', placeId: 'p1' },
    { name: 'Quick Lube', city: 'Dallas', region: 'TX', placeId: 'p2' },
  ];
  expect(likenessOfFirms(table, here, there).score).toBeLessThan(0.1);
});

const text = fc.option(fc.string({ maxLength: 12 }), { nil: null });
const anybody = fc.record({
  ...{ firstName: text, lastName: text, email: text, phone: text, companyId: text },
  ...{ street: text, locality: text, city: text, postalCode: text, region: text },
  ...{ birthDate: text, externalId: text, linkedin: text },
});

test('likeness is between 0 and 1, has its reasons and does not depend on who comes first', () => {
  fc.assert(
    fc.property(anybody, anybody, (one, other) => {
      const likeness = likenessOfPeople(settings.contact, one, other);
      const back = likenessOfPeople(settings.contact, other, one);
      expect(likeness.score).toBeCloseTo(back.score, 9);
      expect(likeness.score).toBeGreaterThanOrEqual(0);
      expect(likeness.score).toBeLessThanOrEqual(1);
      const bits = likeness.reasons.reduce((sum, { weight }) => sum + weight, 0);
      expect(likeness.score).toBeCloseTo(1 / (1 + 2 ** -(settings.contact.prior + bits)), 9);
    }),
    { numRuns: 500 },
  );
});
