import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { newTextOf } from './reply.ts';

const folder = new URL('../../tests/fixtures/email/replies/', import.meta.url);
const expected = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8')) as Record<
  string,
  string
>;
const mails = readdirSync(folder).filter((name) => name.endsWith('.txt'));

/** One saved mail is a pattern: each way to write the heading of a quote stands in for its [DATE]. */
const headings = [
  'On Tue, 2011-03-01 at 18:02 +0530, Abhishek Kona wrote:',
  '2014-03-20 8:48 GMT+01:00 Rémi Dolan <do_not_reply@example.com>:',
  '2014-03-09 20:48 GMT+01:00 Rémi Dolan <do_not_reply@example.com>:',
  'Le 19 mars 2014 10:37, Cédric Lombardot <cedric@example.com> a écrit :',
  'El 19/03/2014 11:34, Juan Pérez <juan.perez@example.com> escribió:',
  'W dniu 7 stycznia 2015 15:24 użytkownik Paweł Brzoski <pawel@example.com> napisał:',
  'Am 25.06.2015 um 10:55 schrieb Hans Meier:',
  'Op 17 feb. 2015, om 13:18 heeft Juan Pérez <juan@example.com> het volgende geschreven:',
  'Em 24 de agosto de 2016 13:00, Ana Souza <ana@example.com> escreveu:',
  'Il giorno 08/dic/2016, alle ore 10:35, Anna <anna@example.com> ha scritto:',
  'Den 8 juni 2015 08:56 skrev Lars <lars@example.com>:',
  'пн, 3 окт. 2022 г. в 10:15, Иван <ivan@example.com>:',
  '于2016年7月1日 上午10:30，张三 <zhang@example.com>写道：',
];

test('the new text of saved replies is cut out right in at least 90 of 100', () => {
  const wrong = mails.filter((name) => newTextOf(read(name)) !== expected[name]);
  const share = (mails.length - wrong.length) / mails.length;
  console.info(
    `replies: ${mails.length - wrong.length} of ${mails.length} cut out right (${percent(share)})`,
    wrong.length > 0 ? `wrong: ${wrong.join(', ')}` : '',
  );
  expect(Object.keys(expected)).toEqual(mails);
  expect(share).toBeGreaterThanOrEqual(0.9);
});

test.each(headings)('a quote is known by its heading: %s', (heading) => {
  expect(newTextOf(`Thank you very much.\n\n${heading}\n\nThis is my previous mail`)).toBe(
    'Thank you very much.',
  );
});

test('a mail that only speaks of mails is left whole', () => {
  const text =
    'From: Berlin\nTo: Munich\n\nOn Monday my boss wrote this: go ahead.\n\nI sent from my own account.';
  expect(newTextOf(text)).toBe(text);
});

test('nothing but a quote is an empty answer', () => {
  expect(newTextOf('On 1 May 2026 at 10:00, Ann <ann@example.com> wrote:\n> Hi')).toBe('');
});

test('an answer between or beneath the lines of a quote is found', () => {
  const heading = 'On Dec 15, 2024, at 2:00 PM, Jane Doe <jane@example.com> wrote:';
  const between = `${heading}\n> Option A?\n\nIt is great.\n\n> Option B?\n\nBetter not.\n`;
  expect(newTextOf(between)).toBe('It is great.\n\nBetter not.');
  expect(newTextOf(`Hi,\n${heading}\n> Option A?\n> Or B?\n\nOption B.\n\n-- \nAnn`)).toBe(
    'Hi,\n\nOption B.',
  );
});

test('what a mailing list adds beneath the quote is no answer', () => {
  const text =
    'I would like to hear more.\n\nOn 1 May 2026 at 10:00, Ann <ann@example.com> wrote:\n> Hi\n\nYou get this because you subscribed.';
  expect(newTextOf(text)).toBe('I would like to hear more.');
});

test.each([
  'On a '.repeat(20_000),
  '> '.repeat(50_000),
  '-'.repeat(100_000),
  `${' '.repeat(100_000)}x`,
  `from${' '.repeat(100_000)}x`,
  'a'.repeat(100_000),
  'a@'.repeat(50_000),
  '<'.repeat(100_000),
  'On 1 May, Ann <ann@example.com> wrote:\n> a\n\nb\n\n'.repeat(4000),
  '> a\n\nb\n'.repeat(20_000),
  'From: a@example.com\n'.repeat(9000),
  'regards\n'.repeat(25_000),
])('a text that is meant to cost time is read like any other: %#', (text) => {
  expect(newTextOf(`Yes, call me.\n\n${text}`)).toContain('Yes, call me.');
});

function read(name: string): string {
  const text = readFileSync(new URL(name, folder), 'utf8');
  return text.replace('[DATE]', headings[0]!);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
