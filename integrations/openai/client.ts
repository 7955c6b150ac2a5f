import OpenAI from 'openai';
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

/** Of OpenAI, or of any server that speaks as it does. */
export const Settings = modelSettings('https://api.openai.com/v1');

/** Asks once, by `POST /chat/completions` with a strict schema; nothing is tried again here. */
export async function complete(question: Question, connection: Connection): Promise<Said> {
  const { url: baseURL } = Settings.parse(connection.settings);
  const { apiKey } = ModelSecrets.parse(connection.secrets);
  const { seen, fetch } = fetchThrough(connection, question.timeoutMs);
  const client = new OpenAI({
    ...{ apiKey, baseURL, fetch, timeout: question.timeoutMs + 1000, maxRetries: 0 },
    // Nothing is taken from the environment of the process.
    ...{ organization: null, project: null, adminAPIKey: null, logLevel: 'off' },
  });
  const asked = client.chat.completions.create({
    model: question.model,
    max_completion_tokens: question.maxTokens,
    messages: [
      { role: 'system', content: question.system },
      { role: 'user', content: question.prompt },
    ],
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'answer', strict: true, schema: question.schema },
    },
  });
  const answer = await asked.catch(() => undefined);
  if (!answer) return failureOf(seen.last, 'The model');
  const json = objectIn(answer.choices?.[0]?.message?.content);
  if (!json || !answer.usage) return failureOf(seen.last, 'The model');
  const { prompt_tokens: tokensIn, completion_tokens: tokensOut } = answer.usage;
  return { is: 'answered', json, tokensIn, tokensOut, model: answer.model };
}
