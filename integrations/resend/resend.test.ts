import { afterAll, beforeEach, expect, test } from 'vitest';
import { createOutbound } from '#integrations/http.ts';
import { unsubscribeHeaders } from '#integrations/mail/compose.ts';
import { resend } from './index.ts';
import { simulateResend } from './simulator.ts';

const provider = await simulateResend();
const outbound = createOutbound({ allow: ['127.0.0.1'] });
const connection = {
  settings: { url: provider.url },
  secrets: { secret: 'whsec_x', apiKey: 're_test' },
  outbound,
};
const mail = {
  ...{ to: 'ann@example.com', from: 'rep@example.org', fromName: 'Rep, of "Us"' },
  ...{ replyTo: 'replies@example.org', subject: 'Hello', text: 'Hi', html: '<p>Hi</p>' },
  headers: unsubscribeHeaders('https://example.org/u/1'),
};
const { send } = resend.channel;

beforeEach(() => {
  provider.calls.splice(0);
  provider.mails.splice(0);
});

afterAll(() => Promise.all([provider.stop(), outbound.close()]));

test('a mail goes out once under one key, however often it is offered', async () => {
  const first = await send(mail, 'key-1', connection);
  expect(first).toMatchObject({ is: 'accepted' });
  expect(await send(mail, 'key-1', connection)).toEqual(first);
  expect(provider.mails).toMatchObject([
    {
      ...{
        from: '"Rep, of \\"Us\\"" <rep@example.org>',
        to: ['ann@example.com'],
        subject: 'Hello',
      },
      reply_to: 'replies@example.org',
      headers: {
        'Message-ID': '<key-1@example.org>',
        'List-Unsubscribe': '<https://example.org/u/1>',
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
    },
  ]);
});

test('after a line that broke the same key settles it, and the mail went out once', async () => {
  provider.script({ reset: 'after' });
  expect(await send(mail, 'key-2', connection)).toMatchObject({ is: 'busy', maybe: true });
  expect(await send(mail, 'key-2', connection)).toMatchObject({ is: 'accepted' });
  expect(provider.mails).toHaveLength(1);
});

test('another mail under a used key is refused', async () => {
  await send(mail, 'key-3', connection);
  const receipt = await send({ ...mail, subject: 'Other' }, 'key-3', connection);
  expect(receipt).toMatchObject({ is: 'refused', code: '409' });
  expect(provider.mails).toHaveLength(1);
});

test.each([
  [
    { status: 500, body: '<html>Bad gateway</html>' },
    { is: 'busy', maybe: true },
  ],
  [{ status: 429, headers: { 'retry-after': 'Sat, 21 Nov 2060 10:00:00 GMT' } }, { is: 'busy' }],
  [{ status: 429 }, { is: 'busy' }],
  [
    { status: 200, body: '{"id":' },
    { is: 'busy', maybe: true },
  ],
  [
    { status: 200, body: '{}' },
    { is: 'busy', maybe: true },
  ],
  [
    { status: 409, body: '{"name":"concurrent_idempotent_requests"}' },
    { is: 'busy', maybe: true },
  ],
  [
    { status: 422, body: '{"message":"Invalid `to` field"}' },
    { is: 'refused', because: 'Invalid `to` field' },
  ],
  [
    { status: 403, body: '{"message":"The example.org domain is not verified"}' },
    { is: 'refused', code: '403' },
  ],
])('an answer of Resend is put in our words: %j', async (order, receipt) => {
  provider.script(order);
  expect(await send(mail, crypto.randomUUID(), connection)).toMatchObject(receipt);
});

test.each(['subject', 'to', 'fromName', 'replyTo', 'from'] as const)(
  'a line break in %s never leaves us',
  async (field) => {
    const broken = { ...mail, [field]: 'a@example.com\r\nBcc: b@example.com' };
    expect(await send(broken, 'key-4', connection)).toMatchObject({ is: 'refused' });
    expect(provider.calls).toHaveLength(0);
  },
);

test.each([
  ['email.sent', {}, { is: 'touch-reported', state: 'sent' }],
  ['email.delivered', {}, { is: 'touch-reported', state: 'delivered' }],
  ['email.complained', {}, { is: 'touch-reported', state: 'complained' }],
  [
    'email.bounced',
    {
      bounce: {
        type: 'Permanent',
        subType: 'NoEmail',
        message: 'No ann@example.com',
        diagnosticCode: [],
      },
    },
    { state: 'bounced', permanent: true, because: 'NoEmail: No (address)' },
  ],
  [
    'email.bounced',
    { bounce: { type: 'Transient', subType: 'General', message: 'Later', diagnosticCode: [] } },
    { state: 'bounced', permanent: false },
  ],
  [
    'email.failed',
    { failed: { reason: 'reached_daily_quota' } },
    { state: 'failed', because: 'reached_daily_quota' },
  ],
  [
    'email.suppressed',
    { suppressed: { message: 'On the list', reason: 'previous_complaint', type: 'Suppressed' } },
    { state: 'complained' },
  ],
  ['email.received', {}, { is: 'mail-waiting', providerId: 'e1' }],
  ['email.opened', {}, { is: 'ignored' }],
  ['email.delivery_delayed', {}, { is: 'ignored' }],
  ['contact.created', {}, { is: 'ignored' }],
])('the event %s is put in our words: %j', (type, more, happening) => {
  const payload = {
    type,
    created_at: '2026-11-21T10:00:00.000Z',
    data: { email_id: 'e1', ...more },
  };
  expect(resend.webhook.read(payload)).toMatchObject([happening]);
});

test('a mail that came in is fetched and read', async () => {
  provider.inbox.set('in-1', {
    ...{ object: 'email', id: 'in-1', to: ['replies@example.org'], from: 'ann@example.com' },
    ...{ subject: 'Re: Hello', message_id: '<m1@example.com>', html: null },
    text: 'Sounds good.\n\nOn Sat, 21 Nov 2026 at 10:00, Rep <rep@example.org> wrote:\n> Hi',
    headers: { From: 'Ann Example <ann@example.com>', 'In-Reply-To': '<key-1@example.org>' },
    created_at: '2026-11-21T10:05:00.000Z',
  });
  const { mail: read } = await resend.fetchMail('in-1', connection);
  expect(read).toMatchObject({
    ...{ kind: 'reply', from: 'ann@example.com', fromName: 'Ann Example', text: 'Sounds good.' },
    ...{ messageId: '<m1@example.com>', inReplyTo: '<key-1@example.org>' },
  });
});

test('a mail that cannot be had now is asked for again', async () => {
  await expect(resend.fetchMail('in-2', connection)).rejects.toThrow('Resend answered 404');
});

test('the event id is that of the delivery, and what is no event has none', () => {
  const payload = {
    type: 'email.sent',
    created_at: '2026-11-21T10:00:00Z',
    data: { email_id: 'e1' },
  };
  const delivery = { body: Buffer.from('{}'), headers: { 'svix-id': 'msg_1' }, now: '' };
  expect(resend.webhook.idOf(payload, delivery)).toBe('msg_1');
  expect(() => resend.webhook.idOf({ type: 'email.sent' }, delivery)).toThrow(
    'not an event of Resend',
  );
});
