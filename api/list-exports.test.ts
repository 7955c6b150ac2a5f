import { read, utils } from '@e965/xlsx';
import { expect } from 'vitest';
import { addCompany } from '#db/company-changes.ts';
import { addContact } from '#db/contact-records.ts';
import { receiveLeads } from '#db/leads.ts';
import { test } from '#tests/db.ts';
import { aLead } from '#tests/leads.ts';

test('leads are exported as CSV with the filters of the list, all pages of them', async ({
  serve,
  inside,
}) => {
  const people = Array.from({ length: 1203 }, (_, n) => ({
    ...{ email: `p${n}@firm${n}.example`, source: n < 1201 ? 'website' : 'event' },
  }));
  await inside(async (scope) => {
    for (let at = 0; at < people.length; at += 600) {
      await receiveLeads(scope, people.slice(at, at + 600));
    }
  });
  const reply = await serve.get('/api/leads/export?source=website');
  expect(reply.status).toBe(200);
  expect(reply.headers.get('content-type')).toMatch('text/csv');
  expect(reply.headers.get('content-disposition')).toBe('attachment; filename=leads.csv');
  const [names, ...lines] = String(reply.body).trim().split('\n');
  expect(names).toMatch(/^id,first_name,last_name,title,email,phone/);
  const emails = lines.map((line) => line.split(',')[4]);
  expect(new Set(emails).size).toBe(1201);
  expect(emails).not.toContain('p1201@firm1201.example');
});

test('no cell of an export is run by a spreadsheet', async ({ serve, inside }) => {
  await inside((scope) => aLead(scope, { firstName: '=HYPERLINK("http://evil.example")' }));
  const csv = await serve.get('/api/leads/export?format=csv');
  expect(csv.body).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
  const { body } = await serve.get('/api/leads/export?format=json');
  expect(body).toMatchObject([{ first_name: '=HYPERLINK("http://evil.example")' }]);
});

test('companies and contacts are exported as a workbook and as JSON', async ({ serve, inside }) => {
  await inside(async (scope) => {
    const companyId = await addCompany(scope, { name: 'Blue Ridge', industry: 'Dental', size: 12 });
    await addContact(scope, { firstName: 'Dana', email: 'dana@ridge.example', companyId });
    await addCompany(scope, { name: 'Red Rock', industry: 'Freight' });
  });
  const token = await serve.token();
  const response = await fetch(`${serve.url}/api/companies/export?format=xlsx&industry=Dental`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const book = read(await response.arrayBuffer());
  expect(utils.sheet_to_json(book.Sheets['Companies']!)).toMatchObject([
    { name: 'Blue Ridge', industry: 'Dental', size: 12, contacts: 1, lifetime_value: 0 },
  ]);
  const { body } = await serve.get('/api/contacts/export?format=json&q=dana');
  expect(body).toMatchObject([{ email: 'dana@ridge.example', company: 'Blue Ridge' }]);
});

test('an export is refused like its list: to strangers, with other words and by other workspaces', async ({
  serve,
  inside,
}) => {
  await inside((scope) => aLead(scope));
  expect((await serve.as({}).get('/api/leads/export')).status).toBe(401);
  expect((await serve.get('/api/leads/export?format=pdf')).status).toBe(422);
  const stranger = await serve.signedUp();
  const { body } = await stranger.get('/api/leads/export?format=json');
  expect(body).toEqual([]);
});
