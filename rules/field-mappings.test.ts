import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { proposeMapping } from './field-mappings.ts';
import { faultsIn, leadOf } from './lead-row.ts';

function fieldsOf(columns: string[], rows: string[][] = []): (string | undefined)[] {
  const samples = columns.map((_, index) => rows.map((row) => row[index]!).filter(Boolean));
  return proposeMapping(columns, samples).map(({ field }) => field);
}

describe('columns are proposed', () => {
  test('for what Google Maps scrapers export', () => {
    const columns = [
      'Name',
      'Place ID',
      'Website',
      'Phone',
      'Full Address',
      'City',
      'Rating',
      'Reviews',
      'Category',
      'Google Maps URL',
    ];
    expect(fieldsOf(columns)).toEqual([
      ...['company', 'placeId', 'website', 'phone', 'address.line1', 'address.city'],
      ...['fields.rating', 'fields.reviews', 'industry', 'mapsUrl'],
    ]);
  });

  test('for what HubSpot exports', () => {
    const columns = [
      'Record ID',
      'First Name',
      'Last Name',
      'Email',
      'Phone Number',
      'Company Name',
      'Job Title',
      'Original Source',
      'Favourite Colour',
    ];
    expect(fieldsOf(columns)).toEqual([
      ...[
        'externalId',
        'firstName',
        'lastName',
        'email',
        'phone',
        'company',
        'title',
        'source',
        undefined,
      ],
    ]);
  });

  test('for a Salesforce bulk file', () => {
    const file = readFileSync('tests/fixtures/csv/salesforce/Account_bulk1_test.csv', 'utf8');
    const [columns, ...rows] = parse(file, { bom: true }) as string[][];
    const found = Object.fromEntries(
      fieldsOf(columns!, rows).map((field, i) => [columns![i], field]),
    );
    expect(found).toMatchObject({
      ...{ NAME: 'company', PHONE: 'phone', WEBSITE: 'website', INDUSTRY: 'industry' },
      ...{ NUMBEROFEMPLOYEES: 'companySize', DESCRIPTION: 'notes', ACCOUNTSOURCE: 'source' },
    });
  });

  test('in German, Spanish, French, Italian, Dutch, Russian and Chinese', () => {
    const email = [
      'E-Mail-Adresse',
      'Correo electrónico',
      'Courriel',
      'Posta elettronica',
      'E-mailadres',
      'Эл. почта',
      '邮箱',
    ];
    for (const column of email) expect(fieldsOf([column, 'x'])[0]).toBe('email');
    expect(fieldsOf(['Vorname', 'Nachname', 'Firma', 'Straße', 'PLZ', 'Ort'])).toEqual([
      ...[
        'firstName',
        'lastName',
        'company',
        'address.line1',
        'address.postalCode',
        'address.city',
      ],
    ]);
  });

  test('by a name that is nearly one, and by what stands in a column', () => {
    expect(fieldsOf(['Compnay name', 'Phone number (office)'])).toEqual(['company', 'phone']);
    expect(fieldsOf(['X', 'Y'], [['a@firm.example', '+1 555 555-0100']])).toEqual([
      'email',
      'phone',
    ]);
    const [, surer] = proposeMapping(['X', 'Email'], [['a@firm.example'], ['b@firm.example']]);
    expect(surer).toMatchObject({ field: 'email', confidence: 1 });
  });

  test('each field once', () => {
    expect(fieldsOf(['Email', 'Work email'])).toEqual(['email', undefined]);
  });
});

describe('a row becomes a lead', () => {
  test('by the mapping that the user left', () => {
    const columns = ['Who', 'Mail', 'Town', 'Fleet', 'Tags'];
    const mapping = {
      Who: 'name',
      Mail: 'email',
      Town: 'address.city',
      Fleet: 'fields.fleet',
      Tags: 'tags',
    };
    const cells = ['Lee, Ann', ' ann@acme.example ', 'Yuma', '12', 'hot; west'];
    expect(leadOf(cells, columns, mapping)).toEqual({
      ...{
        ...{ firstName: 'Ann', lastName: 'Lee', email: 'ann@acme.example' },
        ...{ address: { city: 'Yuma' }, fields: { fleet: '12' }, tags: ['hot', 'west'] },
      },
    });
  });

  test('and a column called __proto__ is data', () => {
    const read = leadOf(['x', 'a@b.example'], ['__proto__', 'e'], {
      e: 'email',
      ['__proto__']: 'fields.__proto__',
    });
    expect(read).toHaveProperty('email', 'a@b.example');
    expect(({} as { x?: string }).x).toBeUndefined();
  });
});

test('a mapping that cannot work says why', () => {
  const columns = ['a', 'b'];
  expect(faultsIn({ a: 'email', b: 'email' }, columns)).toHaveLength(1);
  expect(faultsIn({ c: 'email' }, columns)).toHaveLength(1);
  expect(faultsIn({ a: 'password' }, columns)).toHaveLength(1);
  expect(faultsIn({ a: 'firstName' }, columns)).toHaveLength(1);
  expect(faultsIn({ a: 'email', b: 'fields.fleet size' }, columns)).toEqual([]);
});
