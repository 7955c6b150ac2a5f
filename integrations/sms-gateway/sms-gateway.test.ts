import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { createOutbound } from '#integrations/http.ts';
import { smsGateway } from './index.ts';
import { simulateSmsGateway } from './simulator.ts';

const phone = await simulateSmsGateway();
const outbound = createOutbound({ allow: ['127.0.0.1'] });
const connection = {
  settings: { url: phone.url, username: 'user' },
  secrets: { secret: 's', password: 'pass' },
  outbound,
};
const text = { to: '+15555550123', from: '+15555550100', text: 'Hello', headers: {} };
const { send, lookUp } = smsGateway.channel;

beforeEach(() => {
  phone.calls.splice(0);
  phone.messages.clear();
});

afterAll(() => Promise.all([phone.stop(), outbound.close()]));

test('a text is accepted under our own key', async () => {
  expect(await send(text, 'touch-1', connection)).toEqual({
    is: 'accepted',
    providerId: 'touch-1',
  });
  expect(phone.messages.get('touch-1')).toMatchObject({
    phoneNumbers: ['+15555550123'],
    textMessage: { text: 'Hello' },
  });
});

test('a key that the gateway knows already is an accepted message, and nobody gets it twice', async () => {
  await send(text, 'touch-2', connection);
  expect(await send(text, 'touch-2', connection)).toEqual({
    is: 'accepted',
    providerId: 'touch-2',
  });
  expect(phone.calls.map(({ executed }) => executed)).toEqual([true, false]);
  expect(phone.messages.size).toBe(1);
});

test('after a line that broke the same key settles it, and the phone sends once', async () => {
  phone.script({ reset: 'after' });
  expect(await send(text, 'touch-3', connection)).toMatchObject({ is: 'busy', maybe: true });
  expect(await lookUp('touch-3', connection)).toEqual({ is: 'accepted', providerId: 'touch-3' });
  expect(await send(text, 'touch-3', connection)).toEqual({
    is: 'accepted',
    providerId: 'touch-3',
  });
  expect(phone.messages.size).toBe(1);
});

test.each([
  [{}, undefined],
  [{ reset: 'before' as const }, { is: 'busy' }],
  [{ status: 401, body: '{"message":"Unauthorized"}' }, { is: 'busy' }],
  [{ status: 500, body: '{"message":"failed to get message state"}' }, { is: 'busy' }],
  [{ status: 404, body: '<html>Not Found</html>' }, { is: 'busy' }],
  [{ status: 200, body: '{}' }, { is: 'busy' }],
  [{ status: 200, body: '{"id":"x","state":"Failed"}' }, { is: 'refused' }],
  [
    { status: 200, body: '{"id":"x","state":"Delivered"}' },
    { is: 'accepted', providerId: 'x' },
  ],
])('only the gateway’s own word says that it has no such text: %j', async (order, known) => {
  phone.script(order);
  const found = await lookUp('touch-unknown', connection);
  if (known) expect(found).toMatchObject(known);
  else expect(found).toBeUndefined();
});

test('a key of any length becomes an id that the gateway takes', async () => {
  const key = 'enrolment/step/visit/'.repeat(5);
  const receipt = await send(text, key, connection);
  expect(receipt).toMatchObject({ is: 'accepted', providerId: expect.stringMatching(/^\w{36}$/) });
  expect(await send(text, key, connection)).toEqual(receipt);
});

test.each([
  [
    { status: 503, body: '{"message":"Queue limits exceeded"}' },
    { is: 'busy', maybe: true },
  ],
  [
    { status: 429, headers: { 'retry-after': '30' } },
    { is: 'busy', retryAt: expect.any(String) },
  ],
  [
    { status: 400, body: '{"message":"Invalid request"}' },
    { is: 'refused', because: 'Invalid request' },
  ],
  [{ status: 403 }, { is: 'refused', code: '403' }],
  [{ status: 302, headers: { location: 'http://example.com/' } }, { is: 'refused' }],
  [{ reset: 'before' as const }, { is: 'busy', maybe: true }],
])('an answer of the gateway is put in our words: %j', async (order, receipt) => {
  phone.script(order);
  expect(await send(text, crypto.randomUUID(), connection)).toMatchObject(receipt);
  expect(phone.messages.size).toBe(0);
});

test('a wrong password is refused in words that hold neither it nor the number', async () => {
  const wrong = { ...connection, secrets: { secret: 's', password: 'hunter2' } };
  const receipt = await send(text, 'touch-4', wrong);
  expect(receipt).toMatchObject({ is: 'refused', code: '401' });
  expect(JSON.stringify(receipt)).not.toMatch(/hunter2|5550123/);
});

test('words of the gateway are passed on without the number in them', async () => {
  phone.script({
    status: 400,
    body: '{"message":"invalid phone number +1 555 555-0123 for ann@example.com"}',
  });
  expect(await send(text, 'touch-5', connection)).toMatchObject({
    because: 'invalid phone number (number) for (address)',
  });
});

test('a gateway that is not there has been sent nothing', async () => {
  const elsewhere = { ...connection, settings: { url: 'http://127.0.0.1:9', username: 'user' } };
  expect(await send(text, 'touch-6', elsewhere)).toEqual({
    is: 'busy',
    because: 'This address cannot be reached.',
  });
});

const folder = new URL('../../tests/fixtures/payloads/sms-gateway/', import.meta.url);

const wanted: Record<string, object> = {
  'sms_received.json': {
    ...{ is: 'message-received', channel: 'sms', from: '6505551212', to: '+1234567890' },
    ...{ text: 'Android is always a sweet treat!', providerId: 'abc123' },
    at: '2024-06-22T08:46:11.000Z',
  },
  'mms_downloaded.json': { is: 'message-received', text: 'Hello! Here is the photo.' },
  'sms_sent.json': { is: 'touch-reported', providerId: 'msg-456', state: 'sent' },
  'sms_delivered.json': { is: 'touch-reported', providerId: 'msg-789', state: 'delivered' },
  'sms_failed.json': {
    ...{ is: 'touch-reported', providerId: 'msg-000', state: 'failed' },
    because: 'Network error',
  },
  'sms_cancelled.json': { is: 'ignored' },
  'mms_received.json': { is: 'ignored' },
  'sms_data-received.json': { is: 'ignored' },
  'app_started.json': { is: 'ignored' },
};

test.each(readdirSync(folder))('the documented event %s is read', (name) => {
  const payload: unknown = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
  expect(smsGateway.webhook.read(payload)).toMatchObject([wanted[name]!]);
  expect(smsGateway.webhook.idOf(payload)).toBe('Ey6ECgOkVVFjz3CL48B8C');
});

test('an inbound SMS without sender and recipient is read all the same', () => {
  const payload = {
    ...{ id: '1', event: 'sms:received' },
    payload: {
      messageId: 'm',
      message: 'Yes',
      sender: null,
      recipient: null,
      receivedAt: '2026-11-21T10:00:00Z',
    },
  };
  expect(smsGateway.webhook.read(payload)).toMatchObject([{ from: null, to: null, text: 'Yes' }]);
});

test.each([
  {},
  null,
  'text',
  { id: '1', event: 'sms:received', payload: {} },
  { event: 'sms:sent' },
])('what is no event of the gateway is malformed: %j', (payload) => {
  expect(() => smsGateway.webhook.read(payload)).toThrow('This is not an event');
});
