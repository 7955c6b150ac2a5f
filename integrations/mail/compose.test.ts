import { expect, test } from 'vitest';
import type { Outgoing } from '#integrations/channel.ts';
import { answerHeaders, composeMail, faultIn, unsubscribeHeaders } from './compose.ts';
import { readMail } from './read.ts';

const message: Outgoing & { messageId: string } = {
  ...{ to: 'ann@example.com', from: 'rep@example.org', fromName: 'Rép "the" Rep', text: 'Hi' },
  ...{ subject: 'Grüße aus Austin, with a subject that is long enough to be folded somewhere' },
  ...{ html: '<p>Hi</p>', replyTo: 'replies@example.org', messageId: '<key@example.org>' },
  headers: {
    ...unsubscribeHeaders('https://example.org/u/1?t=2'),
    ...answerHeaders('<b@example.com>', ['<a@example.com>']),
  },
};

test('a composed mail is read back as it was meant', async () => {
  const raw = await composeMail(message);
  expect(await readMail(raw)).toMatchObject({
    ...{
      kind: 'reply',
      from: 'rep@example.org',
      fromName: 'Rép "the" Rep',
      to: ['ann@example.com'],
    },
    ...{ subject: message.subject, text: 'Hi', html: '<p>Hi</p>' },
    ...{ messageId: '<key@example.org>', inReplyTo: '<b@example.com>' },
    references: ['<a@example.com>', '<b@example.com>'],
    headers: expect.objectContaining({
      'list-unsubscribe': '<https://example.org/u/1?t=2>',
      'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
      'reply-to': 'replies@example.org',
    }),
  });
});

test.each<Partial<Outgoing>>([
  { subject: 'Hi\r\nBcc: b@example.com' },
  { subject: 'Hi\nBcc: b@example.com' },
  { fromName: 'Rep\r\nBcc: b@example.com' },
  { to: 'ann@example.com\r\nBcc: b@example.com' },
  { replyTo: 'a@example.com\rBcc: b@example.com' },
  { messageId: '<a@b>\r\nBcc: b@example.com' },
  { headers: { 'X-Note': 'a\r\nBcc: b@example.com' } },
  { headers: { 'X-Note\r\nBcc': 'b@example.com' } },
  { headers: { 'X Note': 'b' } },
])('a line break never begins another header: %j', async (change) => {
  await expect(composeMail({ ...message, ...change } as typeof message)).rejects.toThrow(/header/);
});

test.each([
  'ann@example.com, bob@example.com',
  'Ann <ann@example.com>',
  'ann',
  '',
  'a b@example.com',
])('a mail goes to one address and nothing else: %s', (to) => {
  expect(faultIn({ ...message, to })).toBe('An address is not one that mail can reach.');
});
