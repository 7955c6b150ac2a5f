import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readEmail } from './email.ts';

/** Addresses the fixture calls good although nobody can have one: the top of their host is one letter, or there is none. */
const differences = ['5', '13', '37'];

test('addresses are judged as isemail judges them but for three whose host cannot exist', () => {
  const wrong = isemail().filter(
    ({ address, good }) => (readEmail(address) !== undefined) !== good,
  );
  expect(wrong.map(({ id }) => id)).toEqual(differences);
  expect(1 - wrong.length / isemail().length).toBeGreaterThanOrEqual(0.98);
});

test('one address in two cases and two spellings is one address', () => {
  const twins = ['Ann@Acme.example', 'ann＠acme.example', 'a\u200bnn@acme.example'];
  expect(new Set(twins.map((text) => readEmail(text)?.normalized))).toEqual(
    new Set(['ann@acme.example']),
  );
});

test('composed and decomposed letters are one address and the domain is kept in ascii', () => {
  expect(readEmail('jose\u0301@münchen.example')?.normalized).toBe(
    readEmail('josé@mu\u0308nchen.example')?.normalized,
  );
  expect(readEmail('josé@münchen.example')?.domain).toBe('xn--mnchen-3ya.example');
});

test.each([
  ['ann@gmail.com', 'free'],
  ['info@acme.example', 'role'],
  ['ann@acme.example', 'business'],
  ['x@mailinator.com', 'disposable'],
])('%s is %s mail', (address, kind) => {
  expect(readEmail(address)?.kind).toBe(kind);
});

test.each(['ann', 'ann@', '@acme.example', 'ann@acme', 'a b@acme.example', 'a@b@acme.example', ''])(
  '%j is no address',
  (text) => {
    expect(readEmail(text)).toBeUndefined();
  },
);

function isemail(): { id: string; address: string; good: boolean }[] {
  const file = new URL('../tests/fixtures/email/isemail-tests.xml', import.meta.url);
  const xml = readFileSync(file, 'utf8').replace(/<!--[\s\S]*?-->/g, '');
  return [...xml.matchAll(/<test id="(\d+)">([\s\S]*?)<\/test>/g)].map(([, id, body]) => {
    const [, address = ''] = /<address>([\s\S]*?)<\/address>/.exec(body!) ?? [];
    const [, category] = /<category>(.*?)<\/category>/.exec(body!) ?? [];
    const good = category === 'ISEMAIL_VALID_CATEGORY' || category === 'ISEMAIL_DNSWARN';
    return { id: id!, address: unescaped(address), good };
  });
}

/** The fixture writes control characters as their pictures, U+2400 and up. */
function unescaped(xml: string): string {
  return xml
    .replace(/&#x([0-9a-f]+);/gi, (_, hex: string) => String.fromCodePoint(parseInt(hex, 16)))
    .replace(/&(lt|gt|quot|apos|amp);/g, (_, name: keyof typeof entities) => entities[name])
    .replace(/[\u2400-\u2421]/g, (picture) => String.fromCharCode(picture.charCodeAt(0) - 0x2400));
}

const entities = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
