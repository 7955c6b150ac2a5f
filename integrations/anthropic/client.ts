import Anthropic from '@anthropic-ai/sdk';
import type { Connection } from '#integrations/channel.ts';
import {
  failureOf,
  fetchThrough,
  ModelSecrets,
  modelSettings,
  objectIn,
  type Question,
  type Said,
} from '#integrations/model.ts';

export const Settings = modelSettings('https://api.anthropic.com');

/** Asks once, by `POST /v1/messages` with a format that the answer must keep to; nothing is tried again here. */
export async function complete(question: Question, connection: Connection): Promise<Said> {
  const { url: baseURL } = Settings.parse(connection.settings);
  const { apiKey } = ModelSecrets.parse(connection.secrets);
  const { seen, fetch } = fetchThrough(connection, question.timeoutMs);
  const client = new Anthropic({
    ...{ apiKey, baseURL, fetch, timeout: question.timeoutMs + 1000, maxRetries: 0 },
    // Nothing is taken from the environment of the process.
    ...{ authToken: null, logLevel: 'off' },
  });
  const asked = client.messages.create({
    ...{ model: question.model, max_tokens: question.maxTokens, system: question.system },
    messages: [{ role: 'user', content: question.prompt }],
    output_config: { format: { type: 'json_schema', schema: question.schema } },
  });
  const answer = await asked.catch(() => undefined);
  const part = answer?.content?.find?.(({ type }) => type === 'text');
  const json = part?.type === 'text' ? objectIn(part.text) : undefined;
  if (!answer?.usage || !json) return failureOf(seen.last, 'The model');
  const { input_tokens: tokensIn, output_tokens: tokensOut } = answer.usage;
  return { is: 'answered', json, tokensIn, tokensOut, model: answer.model };
}
