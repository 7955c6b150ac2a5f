import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { Refusal } from '#domain/refusal.ts';
import { generic } from './generic/index.ts';
import type { Delivery, Headers } from './integration.ts';
import { plusvibe } from './plusvibe/index.ts';
import { resend } from './resend/index.ts';
import { smsGateway } from './sms-gateway/index.ts';

const path = new URL(
  '../tests/fixtures/signatures/provider-signature-vectors.json',
  import.meta.url,
);
const { vectors, negative_cases } = JSON.parse(readFileSync(path, 'utf8')) as {
  vectors: { id: string; secret: string; body: string; expected: string; headers: Headers }[];
  negative_cases: string[];
};

const now = '2026-11-21T10:00:00.000Z';
const seconds = Date.parse(now) / 1000;
const body = Buffer.from('{"event":"ping","id":"1"}');

interface Sender {
  webhook: { verify(delivery: Delivery, secrets: unknown): void };
  secret: string;
  other: string;
  header: string;
  timestamp?: string;
  sign(secret: string, body: Buffer, at: number): Headers;
}

function hex(secret: string, ...parts: (Buffer | string)[]): string {
  const hmac = createHmac('sha256', secret);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}

const senders: Record<string, Sender> = {
  resend: {
    webhook: resend.webhook,
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    other: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx',
    header: 'svix-signature',
    timestamp: 'svix-timestamp',
    sign: (secret, body, at) => ({
      'svix-id': 'msg_1',
      'svix-timestamp': String(at),
      'svix-signature': new Webhook(secret).sign('msg_1', new Date(at * 1000), body.toString()),
    }),
  },
  'sms-gateway': {
    webhook: smsGateway.webhook,
    secret: 'phone-secret',
    other: 'other-secret',
    header: 'x-signature',
    timestamp: 'x-timestamp',
    sign: (secret, body, at) => ({
      'x-timestamp': String(at),
      'x-signature': hex(secret, body, String(at)),
    }),
  },
  plusvibe: {
    webhook: plusvibe.webhook,
    secret: 'plus-secret',
    other: 'other-secret',
    header: 'x-plusvibe-signature',
    sign: (secret, body) => ({ 'x-plusvibe-signature': hex(secret, body) }),
  },
  generic: {
    webhook: generic.webhook,
    secret: 'generic-secret',
    other: 'other-secret',
    header: 'x-webhook-signature',
    sign: (secret, body) => ({ 'x-webhook-signature': hex(secret, body) }),
  },
};

const names = Object.keys(senders);
const timed = names.filter((name) => senders[name]!.timestamp);

function reasonOf(name: string, headers: Headers, given = body, secret?: string): string {
  const sender = senders[name]!;
  try {
    sender.webhook.verify({ body: given, headers, now }, { secret: secret ?? sender.secret });
    return 'accepted';
  } catch (error) {
    return error instanceof Refusal ? error.reason : 'error';
  }
}

function signed(name: string, at = seconds): Headers {
  const sender = senders[name]!;
  return sender.sign(sender.secret, body, at);
}

test('the published vector of Standard Webhooks is accepted', () => {
  const vector = vectors.find(({ id }) => id === 'standard-webhooks/sign')!;
  const headers = { ...vector.headers, 'webhook-signature': vector.expected };
  const delivery = { body: Buffer.from(vector.body), headers, now: '2021-02-25T15:02:10.000Z' };
  expect(() => resend.webhook.verify(delivery, { secret: vector.secret })).not.toThrow();
});

test('a plain hex HMAC-SHA256 of the body is accepted with and without its prefix', () => {
  const vector = vectors.find(({ id }) => id === 'github/docs-example')!;
  for (const signature of [vector.expected, vector.expected.replace('sha256=', '')]) {
    const headers = { 'x-webhook-signature': signature };
    const delivery = { body: Buffer.from(vector.body), headers, now };
    expect(() => generic.webhook.verify(delivery, { secret: vector.secret })).not.toThrow();
  }
});

test.each(names)('what %s itself signed is accepted', (name) => {
  expect(reasonOf(name, signed(name))).toBe('accepted');
});

test.each(timed)('%s may be five minutes early or late and not a second more', (name) => {
  expect(reasonOf(name, signed(name, seconds - 300))).toBe('accepted');
  expect(reasonOf(name, signed(name, seconds + 300))).toBe('accepted');
});

/** Every negative case of the fixture, by its name; the rest of the sentence is what must come of it. */
const cases: Record<string, (name: string) => [outcome: string, wanted: string] | undefined> = {
  'missing signature header': (name) => [
    reasonOf(name, { ...signed(name), [senders[name]!.header]: undefined }),
    'unauthenticated',
  ],
  'missing timestamp': withTimestamp(() => undefined),
  'timestamp not a number ("hello")': withTimestamp(() => 'hello'),
  'timestamp 301 s old': at(-301),
  'timestamp 301 s in the future': at(301),
  'empty signature "v1,"': withSignature((signature) => (signature.startsWith('v1,') ? 'v1,' : '')),
  'truncated signature (8 chars)': withSignature((signature) => signature.slice(0, 8)),
  'signature of same length with one byte changed': withSignature(
    (signature) =>
      signature.slice(0, -3) + (signature.at(-3) === 'a' ? 'b' : 'a') + signature.slice(-2),
  ),
  'signature valid for another tenant secret': (name) => [
    reasonOf(name, signed(name), body, senders[name]!.other),
    'unauthenticated',
  ],
  'signature valid for body with one trailing newline added': (name) => [
    reasonOf(name, signed(name), Buffer.concat([body, Buffer.from('\n')])),
    'unauthenticated',
  ],
  'several signatures with only the third valid (must ACCEPT)': (name) => {
    if (name !== 'resend') return undefined;
    const headers = signed(name);
    const three = `v1,${'A'.repeat(43)}= v1,bogus ${String(headers['svix-signature'])}`;
    return [reasonOf(name, { ...headers, 'svix-signature': three }), 'accepted'];
  },
  'unknown version prefix v2 with valid v1 value (must REJECT)': (name) => {
    if (name !== 'resend') return undefined;
    const headers = signed(name);
    const other = String(headers['svix-signature']).replace('v1,', 'v2,');
    return [reasonOf(name, { ...headers, 'svix-signature': other }), 'unauthenticated'];
  },
  'secret empty string or undefined (must throw at configuration)': (name) => [
    reasonOf(name, signed(name), body, ''),
    'error',
  ],
  'valid signature but content-encoding gzip body': (name) => [
    reasonOf(name, { ...signed(name), 'content-encoding': 'gzip' }),
    'malformed',
  ],
  'duplicate header lines': (name) => {
    const { header } = senders[name]!;
    const signature = String(signed(name)[header]);
    const both = [`${signature}, ${signature}`, [signature, signature]].map((value) =>
      reasonOf(name, { ...signed(name), [header]: value }),
    );
    return [both.join(), 'unauthenticated,unauthenticated'];
  },
};

test('all fifteen negative cases are known here', () => {
  expect(Object.keys(cases).toSorted()).toEqual(negative_cases.toSorted());
});

const tries = Object.keys(cases).flatMap((of) =>
  names.filter((name) => cases[of]!(name)).map((name) => [of, name] as const),
);

test.each(tries)('%s, at %s', (of, name) => {
  const [outcome, wanted] = cases[of]!(name)!;
  expect(outcome).toBe(wanted);
});

function withTimestamp(change: () => string | undefined) {
  return (name: string): [string, string] | undefined => {
    const { timestamp } = senders[name]!;
    if (!timestamp) return undefined;
    return [reasonOf(name, { ...signed(name), [timestamp]: change() }), 'unauthenticated'];
  };
}

function at(offset: number) {
  return (name: string): [string, string] | undefined =>
    senders[name]!.timestamp
      ? [reasonOf(name, signed(name, seconds + offset)), 'unauthenticated']
      : undefined;
}

function withSignature(change: (signature: string) => string) {
  return (name: string): [string, string] => {
    const { header } = senders[name]!;
    const headers = signed(name);
    return [
      reasonOf(name, { ...headers, [header]: change(String(headers[header])) }),
      'unauthenticated',
    ];
  };
}
