import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readMail } from './read.ts';

const folder = new URL('../../tests/fixtures/email/', import.meta.url);

test('saved bounces, complaints, auto-replies and plain mails are told apart in at least 97 of 100', async () => {
  const wrong: string[] = [];
  const names = ['bounces', 'not-bounces'].flatMap((of) =>
    readdirSync(new URL(`${of}/`, folder)).map((name) => `${of}/${name}`),
  );
  for (const name of names) {
    const { kind } = await readMail(readFileSync(new URL(name, folder)));
    if (!wanted(name).includes(kind)) wrong.push(`${name} = ${kind}`);
  }
  const share = (names.length - wrong.length) / names.length;
  console.info(
    `mails: ${names.length - wrong.length} of ${names.length} told apart (${(share * 100).toFixed(1)} %)`,
    wrong.join(', '),
  );
  expect(names).toHaveLength(184);
  expect(share).toBeGreaterThanOrEqual(0.97);
});

function wanted(name: string): string[] {
  if (name.startsWith('not-bounces/')) return ['reply', 'other'];
  if (name.startsWith('bounces/arf-')) return ['complaint'];
  if (name.startsWith('bounces/rfc3834-')) return ['auto-reply'];
  return ['bounce'];
}

function mail(headers: Record<string, string>, body: string): string {
  const given = {
    From: 'Ann <ann@example.com>',
    To: 'rep@example.org',
    Subject: 'Hello',
    ...headers,
  };
  const lines = Object.entries(given).map(([name, value]) => `${name}: ${value}`);
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

test('an answer that speaks of failed deliveries and vacations is an answer', async () => {
  const answers = [
    'Sorry, my mailbox was full last week. What was not delivered, please send again.',
    'We are on vacation until May 5, call me after that. Yes, I want it.',
    'User unknown? 550 5.1.1 is what I got when I wrote to you.',
    'I am out of the office on Friday, how about Monday?',
    'The failure notice from postmaster@example.com says quota exceeded.',
  ];
  for (const text of answers) {
    const headers = { Subject: 'Re: Hello', 'In-Reply-To': '<a@example.org>' };
    expect(await readMail(mail(headers, text))).toMatchObject({ kind: 'reply', text });
  }
});

test('every saved answer is an answer when it comes as a mail', async () => {
  const replies = new URL('replies/', folder);
  const kinds = await Promise.all(
    readdirSync(replies)
      .filter((name) => name.endsWith('.txt'))
      .map(async (name) => {
        const body = readFileSync(new URL(name, replies), 'utf8');
        const headers = {
          'In-Reply-To': '<a@example.org>',
          'Content-Type': 'text/plain; charset=utf-8',
        };
        return (await readMail(mail(headers, body))).kind;
      }),
  );
  expect(new Set(kinds)).toEqual(new Set(['reply']));
});

test.each([
  ['Auto-Submitted', 'auto-replied'],
  ['Auto-Submitted', 'auto-replied; owner-email="ann@example.com"'],
  ['X-Autoreply', 'yes'],
  ['X-Autorespond', 'Hello'],
  ['Precedence', 'auto_reply'],
  ['Subject', 'Automatic reply: Hello'],
  ['Subject', 'Re: Out of Office: Hello'],
  ['Subject', 'Automatische Antwort: Hello'],
  ['Subject', 'Réponse automatique : Hello'],
  ['Subject', 'Respuesta automática: Hello'],
])('a machine that answers is known by %s: %s', async (name, value) => {
  const text = 'Thank you for your mail. I am away.';
  const headers = { 'In-Reply-To': '<a@example.org>', [name]: value };
  expect(await readMail(mail(headers, text))).toMatchObject({ kind: 'auto-reply' });
});

test.each([
  [
    'a newsletter',
    { 'List-Unsubscribe': '<https://example.com>', Precedence: 'bulk' },
    'Our news of the week.',
  ],
  ['a notice of a machine', { 'Auto-Submitted': 'auto-generated' }, 'Your report is ready.'],
  ['a first mail', {}, 'Are you free on Friday?'],
  ['a mail from an abuse desk', { From: 'postmaster@example.com' }, 'Please tell us who you are.'],
])('%s is neither an answer nor a bounce', async (_what, headers, text) => {
  expect(await readMail(mail(headers, text))).toMatchObject({ kind: 'other' });
});

test('a help desk in which a person answers is an answer, and its receipt is not', async () => {
  const desk = { 'In-Reply-To': '<a@example.org>', 'X-Auto-Response-Suppress': 'All' };
  expect(await readMail(mail(desk, 'Yes, we want it.'))).toMatchObject({ kind: 'reply' });
  const receipt = { ...desk, 'Auto-Submitted': 'auto-generated' };
  expect(await readMail(mail(receipt, 'We got your mail.'))).toMatchObject({ kind: 'auto-reply' });
});

test('a mail whose lines end in an old fashion is read too', async () => {
  const raw = mail({ 'In-Reply-To': '<a@example.org>' }, 'Yes').replaceAll('\r\n', '\r');
  expect(await readMail(raw)).toMatchObject({ kind: 'reply', text: 'Yes' });
});

test('a mail that says it is not automatic is read for what it is', async () => {
  const headers = { 'Auto-Submitted': 'no', 'In-Reply-To': '<a@example.org>' };
  expect(await readMail(mail(headers, 'Yes'))).toMatchObject({ kind: 'reply' });
});

test.each([
  ['lhost-postfix-02.eml', true, '5.2.1', 'filtered@example.co.jp'],
  ['lhost-exchange2007-02.eml', false, '5.2.2', 'kijitora@example.edu'],
  ['lhost-zoho-04.eml', false, undefined, 'kijitora@6kaku.example.co.jp'],
  ['lhost-mcafee-04.eml', true, '5.0.0', 'kijitora@example.com'],
  ['rhost-google-03.eml', false, '5.7.26', 'neko@example.co.jp'],
])(
  'the bounce %s tells whether it is for good, why and who',
  async (name, permanent, status, address) => {
    const { bounced } = await readMail(readFileSync(new URL(`bounces/${name}`, folder)));
    expect(bounced).toMatchObject({ permanent, address });
    expect(bounced?.status).toBe(status);
    expect(bounced?.because).toBeTruthy();
  },
);

test('the reason of a bounce holds no address', async () => {
  for (const name of readdirSync(new URL('bounces/', folder))) {
    const { bounced } = await readMail(readFileSync(new URL(`bounces/${name}`, folder)));
    expect(bounced?.because ?? '', name).not.toMatch(/\S+@\S+\.\S+/);
  }
});

test('nearly every saved bounce names the address that could not be reached', async () => {
  const names = readdirSync(new URL('bounces/', folder));
  const mails = await Promise.all(
    names.map((name) => readMail(readFileSync(new URL(`bounces/${name}`, folder)))),
  );
  const bounced = mails.flatMap(({ bounced }) => bounced ?? []);
  const named = bounced.filter(({ address }) => address);
  console.info(
    `bounces: ${named.length} of ${bounced.length} name the address,`,
    `${bounced.filter(({ status }) => status).length} a status,`,
    `${bounced.filter(({ permanent }) => permanent).length} are for good`,
  );
  expect(named.length / bounced.length).toBeGreaterThanOrEqual(0.95);
});

test('nothing that is no mail makes it stumble', async () => {
  for (const raw of ['', '\0\0\0', 'From ', ': :\n\n', '\xff'.repeat(100), 'a'.repeat(300_000)]) {
    expect(await readMail(raw)).toMatchObject({ kind: expect.any(String), from: '' });
  }
});
