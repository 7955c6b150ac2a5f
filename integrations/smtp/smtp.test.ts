import { afterAll, beforeEach, expect, test } from 'vitest';
import { createOutbound } from '#integrations/http.ts';
import { smtp } from './index.ts';
import { simulateSmtp } from './simulator.ts';

const server = await simulateSmtp();
const outbound = createOutbound({ allow: ['127.0.0.1'] });
const settings = { host: server.host, port: server.port, requireTls: false, username: 'user' };
const connection = { settings, secrets: { password: 'pass' }, outbound };
const mail = {
  ...{ to: 'ann@example.com', from: 'rep@example.org', fromName: 'Rép', subject: 'Grüße' },
  ...{ text: 'Hi', html: '<p>Hi</p>' },
  headers: { 'In-Reply-To': '<m1@example.com>', References: '<m0@example.com> <m1@example.com>' },
};
const { send } = smtp.channel;

beforeEach(() => void server.mails.splice(0));

afterAll(() => Promise.all([server.stop(), outbound.close()]));

test('a mail is handed over under a Message-ID made from the key', async () => {
  const receipt = await send(mail, 'touch/1', connection);
  expect(receipt).toEqual({ is: 'accepted', providerId: '<touch-1@example.org>' });
  expect(server.mails).toMatchObject([
    {
      ...{ messageId: '<touch-1@example.org>', subject: 'Grüße', from: 'rep@example.org' },
      ...{ fromName: 'Rép', to: ['ann@example.com'], inReplyTo: '<m1@example.com>' },
      references: ['<m0@example.com>', '<m1@example.com>'],
    },
  ]);
});

test('when the line breaks after the mail was handed over, nobody knows and it is not sent again', async () => {
  server.script({ at: 'data', drop: true });
  expect(await send(mail, 'touch-2', connection)).toMatchObject({ is: 'unknown' });
  expect(server.mails).toHaveLength(1);
});

test.each([
  [
    { at: 'rcpt', code: 550, message: 'No such user ann@example.com' } as const,
    { is: 'refused', code: '550' },
  ],
  [{ at: 'rcpt', code: 451, message: 'Try again later' } as const, { is: 'busy' }],
  [{ at: 'mail', code: 421, message: 'Too many connections' } as const, { is: 'busy' }],
  [{ at: 'data', code: 554, message: 'Looks like spam' } as const, { is: 'refused', code: '554' }],
  [{ at: 'data', code: 452, message: 'No room' } as const, { is: 'busy' }],
])('an answer of the server is put in our words: %j', async (order, receipt) => {
  server.script(order);
  const given = await send(mail, 'touch-3', connection);
  expect(given).toMatchObject(receipt);
  expect(JSON.stringify(given)).not.toContain('ann@example.com');
  expect(server.mails).toHaveLength(0);
});

test('when the line breaks before the mail was handed over, it may be offered again', async () => {
  server.script({ at: 'rcpt', drop: true });
  expect(await send(mail, 'touch-8', connection)).toMatchObject({ is: 'busy' });
  expect(await send(mail, 'touch-8', connection)).toMatchObject({ is: 'accepted' });
  expect(server.mails).toHaveLength(1);
});

test('a wrong password is refused', async () => {
  const wrong = { ...connection, secrets: { password: 'hunter2' } };
  const receipt = await send(mail, 'touch-4', wrong);
  expect(receipt).toMatchObject({ is: 'refused', code: 'EAUTH' });
  expect(JSON.stringify(receipt)).not.toContain('hunter2');
});

test('a server that is not there, or inside and not allowed, has been sent nothing', async () => {
  const gone = { ...connection, settings: { ...settings, port: 9 } };
  const inside = { ...connection, outbound: createOutbound() };
  const receipts = [await send(mail, 'touch-5', gone), await send(mail, 'touch-5', inside)];
  expect(receipts).toEqual([
    { is: 'busy', because: 'The mail server cannot be reached.' },
    { is: 'busy', because: 'The mail server cannot be reached.' },
  ]);
});

test('a server without TLS is not spoken to unless that is allowed', async () => {
  const strict = { ...connection, settings: { ...settings, requireTls: true } };
  expect(await send(mail, 'touch-6', strict)).toMatchObject({ is: 'refused' });
  expect(server.mails).toHaveLength(0);
});

test.each(['subject', 'fromName', 'to'] as const)(
  'a line break in %s never leaves us',
  async (field) => {
    const broken = { ...mail, [field]: 'a@example.com\r\nBcc: b@example.com' };
    expect(await send(broken, 'touch-7', connection)).toMatchObject({ is: 'refused' });
    expect(server.mails).toHaveLength(0);
  },
);
