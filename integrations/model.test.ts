import { afterAll, describe, expect, test } from 'vitest';
import { anthropic } from './anthropic/index.ts';
import { simulateAnthropic } from './anthropic/simulator.ts';
import { createOutbound } from './http.ts';
import type { Question } from './model.ts';
import { openai } from './openai/index.ts';
import { simulateOpenai } from './openai/simulator.ts';

const outbound = createOutbound({ allow: ['127.0.0.1'] });
const said = { text: 'It is quiet.', risks: [] };
const [one, other] = await Promise.all([simulateOpenai(() => said), simulateAnthropic(() => said)]);

afterAll(() => Promise.all([one.stop(), other.stop(), outbound.close()]));

const question: Question = {
  ...{ model: 'any', system: 'Judge the deal.', prompt: '{"name":"Bauer"}' },
  schema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
  ...{ maxTokens: 200, timeoutMs: 2000 },
};

describe.each([
  { name: 'openai', server: one, model: openai.model, url: one.baseURL, apiKey: 'sk-test' },
  {
    ...{ name: 'anthropic', server: other, model: anthropic.model },
    ...{ url: other.url, apiKey: 'sk-ant-test' },
  },
])('$name', ({ server, model, url: baseURL, apiKey }) => {
  const connection = { settings: { url: baseURL }, secrets: { apiKey }, outbound };

  test('a question is answered by the schema, with its tokens', async () => {
    const answer = await model.complete(question, connection);
    expect(answer).toMatchObject({ is: 'answered', json: said });
    if (answer.is !== 'answered') return;
    expect(answer.tokensIn).toBe(8);
    expect(answer.tokensOut).toBeGreaterThan(0);
    expect(server.asked.at(-1)).toEqual({
      ...{ system: question.system, prompt: question.prompt },
      schema: question.schema,
    });
  });

  test('being asked too often, failing and a wrong key are said once and cost nothing', async () => {
    const before = server.calls.length;
    server.script({ status: 429, headers: { 'retry-after': '30' } });
    expect(await model.complete(question, connection)).toEqual({
      ...{ is: 'failed', because: 'The model has been asked too often.', isPaid: false },
    });
    expect(server.calls.length).toBe(before + 1);
    const wrong = { ...connection, secrets: { apiKey: 'another' } };
    expect(await model.complete(question, wrong)).toEqual({
      ...{ is: 'failed', because: 'The model does not accept the key.', isPaid: false },
    });
  });

  test('what breaks after it was sent may have to be paid', async () => {
    server.script({ hang: true });
    expect(await model.complete({ ...question, timeoutMs: 150 }, connection)).toEqual({
      ...{ is: 'failed', because: 'The model did not answer in time.', isPaid: true },
    });
    server.script({ status: 500, body: '{}' });
    expect(await model.complete(question, connection)).toMatchObject({ isPaid: true });
    server.script({ body: 'no json' });
    expect(await model.complete(question, connection)).toMatchObject({ isPaid: true });
    server.script({ reset: 'before' });
    expect(await model.complete(question, connection)).toMatchObject({ is: 'failed' });
  });

  test('an address inside the house is never asked', async () => {
    const inside = { ...connection, settings: { url: 'http://169.254.169.254/v1' } };
    expect(await model.complete(question, inside)).toEqual({
      ...{ is: 'failed', because: 'The model cannot be reached.', isPaid: false },
    });
  });
});
