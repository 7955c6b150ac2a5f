import { afterAll, expect, test } from 'vitest';
import { createOutbound } from '#integrations/http.ts';
import { postToSlack } from './client.ts';
import { simulateSlack } from './simulator.ts';

const slack = await simulateSlack();
const outbound = createOutbound({ allow: ['127.0.0.1'] });
afterAll(() => Promise.all([slack.stop(), outbound.close()]));

function post(url = slack.hook) {
  return postToSlack(url, { text: 'Health 71' }, outbound);
}

test('a message arrives in the channel of its webhook', async () => {
  expect(await post()).toEqual({ is: 'accepted', providerId: 'slack' });
  expect(slack.messages).toEqual([{ text: 'Health 71' }]);
});

test('a webhook that was removed refuses in words', async () => {
  expect(await post(`${slack.url}/services/gone`)).toEqual({
    ...{ is: 'refused', code: '404' },
    because: 'The webhook was removed or switched off in Slack.',
  });
});

test('too many messages are offered again later, and one that broke off is doubtful', async () => {
  slack.script(
    { status: 429, headers: { 'retry-after': '30' } },
    { reset: 'after' },
    { status: 500 },
  );
  expect(await post()).toMatchObject({ is: 'busy' });
  expect(await post()).toMatchObject({ is: 'unknown' });
  expect(await post()).toMatchObject({ is: 'unknown' });
});

test('a private address is not called', async () => {
  const guarded = createOutbound();
  const receipt = await postToSlack(slack.hook, { text: 'Hi' }, guarded);
  expect(receipt.is).toBe('busy');
  await guarded.close();
});
