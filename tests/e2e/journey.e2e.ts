import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Product, raiseProduct } from './product.ts';
import { choose, open, openWindow, readmeCalls, sendAlways, signIn } from './visitor.ts';

let product: Product;
let url: string;

beforeAll(async () => {
  product = await raiseProduct();
  url = product.house.url;
}, 180_000);
afterAll(() => product.stop());

test('a lead posted as the README says is followed up, answers, and is left in peace, all without a reload', async () => {
  const page = await openWindow(product);
  await signIn(page, product);
  await page.getByRole('link', { name: 'Leads' }).first().click();
  await page.getByRole('link', { name: 'Hugh Dawson' }).waitFor();
  // Whatever loads a page anew from here on, nobody asked it to.
  let loads = 0;
  page.on('load', () => (loads += 1));

  const calls = await readmeCalls();
  expect(calls.map(({ path }) => path)).toEqual([
    ...['/api/auth/sign-in/email', '/api/tokens', '/api/v1/leads'],
  ]);
  const { email, password } = product.demo;
  const json = { 'content-type': 'application/json' };
  const [door, tokens, leads] = calls;
  const signed = await fetch(url + door!.path, {
    ...{ method: 'POST', headers: json },
    body: door!.body.replace('…', email).replace('…', password),
  });
  expect(signed.status).toBe(200);
  const cookie = signed.headers.getSetCookie().map((one) => one.split(';')[0]);
  const made = await fetch(url + tokens!.path, {
    ...{ method: 'POST', headers: { ...json, cookie: cookie.join('; ') }, body: tokens!.body },
  });
  expect(made.status).toBe(201);
  const { token } = (await made.json()) as { token: string };
  const posted = await fetch(url + leads!.path, {
    ...{ method: 'POST', headers: { ...json, authorization: `Bearer ${token}` } },
    body: leads!.body,
  });
  expect(posted.status).toBe(201);
  const lead = JSON.parse(leads!.body) as Record<'email' | 'firstName' | 'company', string>;

  await page.getByRole('button', { name: '1 new' }).click();
  const row = page.getByRole('row').filter({ hasText: lead.firstName }).first();
  await row.getByText('Welcome, new lead').waitFor();
  await row.getByRole('link').first().click();
  await page
    .getByText(/^Score \d+$/)
    .first()
    .waitFor();
  const facts = page.getByRole('complementary', { name: 'Facts' });
  await facts.getByRole('link', { name: 'Welcome, new lead' }).waitFor();
  await expect.poll(() => facts.innerText()).toMatch(/Dana Whitlock|Marcus Oyelaran/);
  const history = page.getByRole('region', { name: 'Conversation and history' });
  await history.getByText(`${lead.company} and Northgate`).first().waitFor();
  const address = new URL(page.url()).pathname;

  await page.getByRole('link', { name: 'Sandbox' }).first().click();
  const mailbox = page.getByRole('navigation', { name: 'Mailbox' });
  await mailbox.getByRole('link').filter({ hasText: lead.email }).click();
  await page.getByRole('form', { name: `Answer as ${lead.email}` }).waitFor();
  const quick = page.getByRole('button', { name: 'Interested, what does it cost?' });
  await quick.click();
  await page.getByText(`Answered as ${lead.email}`).waitFor();
  await page.getByRole('link', { name: 'Open the run' }).click();
  await page.getByText('Paused: replied.').waitFor();

  await page.getByRole('link', { name: 'Today' }).first().click();
  const queue = page.getByRole('region', { name: 'Queue' });
  await queue.getByRole('listitem').first().getByText(lead.firstName).waitFor();
  await page.getByText('Interested, what does it cost?').first().waitFor();
  await page.getByRole('link', { name: /^Open/ }).click();
  await page.getByText(/paused itself when/).waitFor();
  expect(new URL(page.url()).pathname).toBe(address);

  await facts.getByRole('link', { name: 'Welcome, new lead' }).click();
  // The lead's own page has such a button too.
  await page.waitForURL(/\/enrolments\//);
  await page.getByText('Paused: replied.').waitFor();
  await page.getByRole('button', { name: 'Resume' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('button', { name: 'Pause' }).and(page.locator(':enabled')).waitFor();
  expect(loads).toBe(0);
  await page.context().close();
});

test('who signs up is led from an empty workspace to a first mail and to why it went out', async () => {
  const page = await openWindow(product);
  await page.goto(`${url}/sign-up`);
  await page.getByLabel('Your name').fill('June Ashby');
  await page.getByLabel('Work email').fill('june@ashby.example');
  await page.getByLabel('Password', { exact: true }).fill('a long enough password');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Ashby Grounds');
  await page.getByRole('button', { name: 'Create workspace' }).click();

  await page.getByText('Three things, then it runs').waitFor();
  await page
    .getByRole('link', { name: 'Bring in leads' })
    .or(page.getByText('Drop a CSV'))
    .waitFor();
  await open(page, 'Send ledger');
  await page
    .getByRole('link', { name: /sequence/i })
    .last()
    .waitFor();
  await open(page, 'Sandbox');
  await page.getByRole('link', { name: 'Choose leads to enrol' }).click();
  await page.getByText('No leads yet').waitFor();
  await page.getByRole('button', { name: 'New lead' }).last().click();
  const lead = page.getByRole('dialog');
  await lead.getByLabel('Company').fill('Marlow Grounds');
  await page.keyboard.press('ControlOrMeta+Enter');
  await lead.getByText(/^An email or a phone is needed; a company alone/).waitFor();
  const email = lead.getByLabel('Email');
  await expect.poll(() => email.getAttribute('aria-invalid')).toBe('true');
  await email.fill('theo at marlow');
  await page.keyboard.press('ControlOrMeta+Enter');
  await lead.getByText('This is not an address that mail can be delivered to.').waitFor();
  await email.fill('theo@marlow.example');
  await lead.getByLabel('First name').fill('Theo');
  await page.keyboard.press('ControlOrMeta+Enter');
  await page.getByRole('heading', { level: 1, name: /Theo/ }).waitFor();

  await open(page, 'Sequences');
  await page.getByText('No sequence yet').waitFor();
  await page.getByRole('button', { name: 'New sequence' }).last().click();
  await page.getByRole('dialog').getByLabel('Name').fill('First words');
  await page.keyboard.press('ControlOrMeta+Enter');
  await page.getByRole('button', { name: 'Add the first step' }).click();
  await choose(page, 'Email');
  await page.getByLabel('Subject').fill('Hello {{contact.firstName');
  const plan = page.getByRole('complementary', { name: 'The plan' });
  await plan.getByText(/[1-9]\d* to solve first/).waitFor();
  expect(await page.getByRole('button', { name: 'Publish' }).isDisabled()).toBe(true);
  await page.getByLabel('Subject').fill('Hello {{contact.firstName}}');
  await page.getByLabel('Body').fill('Shall we talk this week?');
  await page.getByRole('button', { name: 'Add step' }).click();
  await choose(page, 'Wait');
  await plan.getByText('none stops publishing').waitFor();
  await plan.getByRole('button', { name: 'Sends' }).click();
  await sendAlways(page);
  await page.getByText(/^Saved/).waitFor();
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByRole('button', { name: 'Publish version 1' }).click();
  await page.getByText('v1 is live').waitFor();

  await page.getByRole('button', { name: 'Enrol', exact: true }).click();
  const enrol = page.getByRole('dialog');
  await enrol.getByText('Theo').first().click();
  await enrol.getByRole('button', { name: 'Enrol 1 lead' }).click();
  await enrol.waitFor({ state: 'hidden' });
  await open(page, 'Send ledger');
  const balance = page.getByRole('link', { name: /^Accepted/ });
  await expect.poll(() => balance.innerText()).toMatch(/1$/);
  await open(page, 'Leads');
  await page.getByRole('link', { name: /Theo/ }).click();
  await page
    .getByRole('link', { name: /^Why\?/ })
    .locator('visible=true')
    .first()
    .click();
  const why = page.getByRole('complementary', { name: 'Why?' }).or(page.getByRole('dialog'));
  await why.getByText(/^Sent/).first().waitFor();
  await why.getByText(/checks at that moment/).waitFor();
  await page.context().close();
});

test('a file whose column was guessed wrong is put right, comes in, and its bad row is fixed by hand', async () => {
  const page = await openWindow(product);
  await signIn(page, product);
  await open(page, 'Imports');
  const lines = [
    'Contact,E-Mail,Ref',
    'Nora Vance,nora@vance.example,A-1',
    'Otis Reed,otis at reed,A-2',
    'Pia Holm,pia@holm.example,A-3',
  ];
  await page.getByLabel('File to import', { exact: true }).setInputFiles({
    ...{ name: 'people.csv', mimeType: 'text/csv' },
    buffer: Buffer.from(lines.join('\n')),
  });
  const column = page.getByLabel('What Ref becomes');
  await column.waitFor();
  await column.selectOption({ label: 'A field of its own: Ref' });
  await page.getByRole('row').filter({ hasText: 'Ref' }).getByText('Your choice').waitFor();
  await page.getByRole('button', { name: 'Start the import' }).click();
  await page.getByText('Done', { exact: true }).first().waitFor();
  await page
    .getByRole('radio', { name: /Rejected/ })
    .or(page.getByRole('button', { name: /Rejected/ }))
    .click();
  const row = page.getByRole('row').filter({ hasText: 'otis at reed' });
  await row.getByText(/^3$/).waitFor();
  await row.getByRole('button', { name: 'Fix line 3' }).click();
  await page.getByRole('dialog').getByLabel('E-Mail').fill('otis@reed.example');
  await page.getByRole('button', { name: 'Take it in' }).click();
  await page.getByText('Line 3 created').waitFor();
  await page.getByRole('button', { name: /^Rejected\s+0$/ }).waitFor();
  await page.getByRole('button', { name: /^Created\s+3$/ }).waitFor();
  await page.getByText('No rejected rows').waitFor();
  await page.context().close();
});

test('what is put off or ticked off in Today can go back, and a contact that two people change at once is asked about', async () => {
  const { db } = product.house;
  const hugh = db.selectFrom('contacts').select('id').where('firstName', '=', 'Hugh');
  const waiting = db.selectFrom('leads').select('id').where('intakeAt', 'is', null);
  await expect.poll(() => waiting.execute()).toEqual([]);
  const intakeProblem = 'Its territory is unknown.';
  await db.updateTable('leads').set({ intakeProblem }).where('contactId', 'in', hugh).execute();
  const page = await openWindow(product);
  await signIn(page, product);
  const queue = page.getByRole('region', { name: 'Queue' });
  const row = queue.getByRole('listitem').filter({ hasText: 'This lead could not be taken in' });
  await row.getByRole('button').first().click();
  await page.keyboard.press('s');
  await page.getByRole('option', { name: /Tomorrow morning/ }).click();
  await row.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: /^Snoozed/ }).click();
  await row.getByRole('button').first().click();
  await page.getByRole('button', { name: 'Put back in the queue' }).click();
  await row.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: /^Queue/ }).click();
  await row.getByRole('button').first().click();
  await page.keyboard.press('d');
  await row.waitFor({ state: 'hidden' });
  await page.getByRole('group', { name: 'What to see' }).getByText('Done').click();
  await row.waitFor();

  await open(page, 'Leads');
  await page.getByRole('link', { name: 'Hugh Dawson' }).click();
  const facts = page.getByRole('complementary', { name: 'Facts' });
  await facts.getByRole('button', { name: /^Email: / }).press('Enter');
  const email = facts.getByRole('textbox', { name: 'Email' });
  await email.fill('hugh at juniper');
  await email.press('Enter');
  await facts.getByText('This is not an address that mail can be delivered to.').waitFor();
  await email.fill('hugh.dawson@juniper.example');
  await email.press('Enter');
  await facts.getByRole('button', { name: /^Email: hugh.dawson@juniper.example/ }).waitFor();

  await facts.getByRole('button', { name: /^Mobile: / }).click();
  const mobile = facts.getByRole('textbox', { name: 'Mobile' });
  await mobile.waitFor();
  const lead = new URL(page.url()).pathname;
  const theirs = { data: { contact: { phone: '+1 602 555 0133' } }, headers: { origin: url } };
  expect((await page.request.patch(`${url}/api${lead}`, theirs)).status()).toBe(200);
  await mobile.fill('+1 602 555 0147');
  await mobile.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Which one stays?' });
  await dialog.getByText('+1 602 555 0147').waitFor();
  await page.keyboard.press('ArrowRight');
  expect(await dialog.getByRole('radio', { name: /Take theirs/ }).isChecked()).toBe(true);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ControlOrMeta+Enter');
  await facts.getByRole('button', { name: /^Mobile: .*0147/ }).waitFor();
  await page.context().close();
});

test('Today and Leads are worked through by keyboard alone', async () => {
  const page = await openWindow(product);
  await signIn(page, product);
  const queue = page.getByRole('region', { name: 'Queue' });
  const chosen = queue.locator('[aria-current="true"]');
  const first = await chosen.innerText();
  await page.keyboard.press('j');
  await expect.poll(() => chosen.innerText()).not.toBe(first);
  await page.keyboard.press('k');
  await expect.poll(() => chosen.innerText()).toBe(first);

  await page.keyboard.press('g');
  await page.keyboard.press('l');
  const rows = page.getByRole('table', { name: 'Leads' }).getByRole('row');
  await rows.nth(3).waitFor();
  for (const key of ['j', 'x', 'j', 'x']) await page.keyboard.press(key);
  await page.getByText('2 selected').waitFor();
  await page.keyboard.press('x');
  await page.keyboard.press('k');
  await page.keyboard.press('x');
  await page.getByText(/\d selected/).waitFor({ state: 'hidden' });
  const name = (await rows.nth(1).getByRole('link').first().innerText()).split('\n')[0]!;
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name }).waitFor();

  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox', { name: 'Search or jump to' }).fill('Hugh Dawson');
  await page.getByRole('option', { name: /Hugh Dawson/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Hugh Dawson' }).waitFor();
  await page.context().close();
});
