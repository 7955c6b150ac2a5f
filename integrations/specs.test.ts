import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { createOutbound } from './http.ts';
import { resend } from './resend/index.ts';
import { simulateResend } from './resend/simulator.ts';
import { smsGateway } from './sms-gateway/index.ts';
import { simulateSmsGateway } from './sms-gateway/simulator.ts';

interface Schema {
  required?: string[];
  properties?: Record<string, Schema & { const?: string }>;
}

interface Spec {
  paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
  webhooks: Record<string, unknown>;
  components: { schemas: Record<string, Schema> };
}

const mailSpec = specOf('resend-openapi');
const smsSpec = specOf('android-sms-gateway-swagger');
const [mailServer, phone] = await Promise.all([simulateResend(), simulateSmsGateway()]);
const outbound = createOutbound({ allow: ['127.0.0.1'] });

afterAll(() => Promise.all([mailServer.stop(), phone.stop(), outbound.close()]));

test('what we send to Resend and what its simulator answers is what the specification says', async () => {
  const secrets = { secret: 's', apiKey: 're_test' };
  const mail = {
    to: 'ann@example.com',
    from: 'rep@example.org',
    subject: 'Hi',
    text: 'Hi',
    headers: {},
  };
  await resend.channel.send(mail, 'key', { settings: { url: mailServer.url }, secrets, outbound });
  const request = JSON.parse(mailServer.calls[0]!.body) as object;
  const { required = [], properties = {} } = mailSpec.components.schemas['SendEmailRequest']!;
  expect(Object.keys(request)).toEqual(expect.arrayContaining(required));
  expect(Object.keys(properties)).toEqual(expect.arrayContaining(Object.keys(request)));
  expect(Object.keys(mailSpec.paths)).toEqual(
    expect.arrayContaining(['/emails', '/emails/receiving/{email_id}']),
  );
});

test('every one of the 17 events that Resend can send is read or ignored for a reason', () => {
  const events = Object.keys(mailSpec.webhooks);
  expect(events).toHaveLength(17);
  const data = { email_id: 'e1', created_at: '2026-11-21T10:00:00Z' };
  for (const type of events) {
    const happenings = resend.webhook.read({ type, created_at: '2026-11-21T10:00:00Z', data });
    expect(happenings, type).toHaveLength(1);
    if (happenings[0]!.is === 'ignored') expect(happenings[0]!.because).not.toBe('');
  }
});

test('what we send to the gateway and what its simulator answers is what the specification says', async () => {
  const connection = {
    settings: { url: phone.url, username: 'user' },
    secrets: { secret: 's', password: 'pass' },
    outbound,
  };
  const text = { to: '+15125550123', from: '+15125550100', text: 'Hello', headers: {} };
  await smsGateway.channel.send(text, 'key', connection);
  const request = JSON.parse(phone.calls[0]!.body) as object;
  const { required = [], properties = {} } = smsSpec.components.schemas['smsgateway.Message']!;
  expect(Object.keys(request)).toEqual(expect.arrayContaining(required));
  expect(Object.keys(properties)).toEqual(expect.arrayContaining(Object.keys(request)));

  const headers = { authorization: phone.calls[0]!.headers['authorization']! };
  const answer = await fetch(`${phone.url}/messages/key`, { headers });
  const answered = smsSpec.components.schemas['smsgateway.GetMessageResponse']!.required!;
  expect(Object.keys((await answer.json()) as object)).toEqual(expect.arrayContaining(answered));
  const statuses = Object.keys(smsSpec.paths['/messages']!['post']!.responses);
  expect(statuses).toEqual(expect.arrayContaining(['202', '400', '401', '409', '503']));
});

function specOf(name: string): Spec {
  const url = new URL(`../tests/fixtures/specs/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as Spec;
}
