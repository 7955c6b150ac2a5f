import { parsed } from '#integrations/receipt.ts';
import { type Call, type Reply, simulate } from '#integrations/simulated.ts';

interface Asked {
  model?: string;
  max_completion_tokens?: number;
  messages?: { role: string; content: string }[];
  response_format?: { type: string; json_schema?: { name?: string; schema?: unknown } };
}

/** What was asked, as a test wants to read it. */
export interface Seen {
  system: string;
  prompt: string;
  schema: unknown;
}

/**
 * `POST /chat/completions` as OpenAI's specification says, answering by what `answer` makes of the question. Tokens are
 * counted as one for four characters.
 */
export async function simulateOpenai(
  answer: (seen: Seen) => unknown,
  { apiKey = 'sk-test', port = 0 } = {},
) {
  const asked: Seen[] = [];

  function handle(call: Call): Reply {
    if (call.headers['authorization'] !== `Bearer ${apiKey}`) {
      return failure(401, 'invalid_api_key', 'Incorrect API key provided.');
    }
    if (call.method !== 'POST' || call.path !== '/v1/chat/completions') {
      return failure(404, 'not_found', 'Unknown request URL.');
    }
    const { model, messages = [], response_format: format } = parsed(call.body) as Asked;
    if (!model || messages.length === 0) {
      return failure(400, 'missing_required_parameter', 'You must provide a model and messages.');
    }
    if (format?.type !== 'json_schema' || !format.json_schema?.name) {
      return failure(400, 'invalid_request_error', 'Missing response_format.json_schema.name.');
    }
    const [system = '', prompt = ''] = messages.map(({ content }) => content);
    const seen = { system, prompt, schema: format.json_schema.schema };
    asked.push(seen);
    const made = answer(seen);
    const content = typeof made === 'string' ? made : JSON.stringify(made);
    const usage = { prompt_tokens: tokens(system + prompt), completion_tokens: tokens(content) };
    return {
      status: 200,
      body: {
        ...{ id: `chatcmpl-${asked.length}`, object: 'chat.completion', created: 1_767_225_600 },
        model: `${model}-2026-01-01`,
        choices: [
          {
            ...{ index: 0, finish_reason: 'stop', logprobs: null },
            message: { role: 'assistant', content, refusal: null },
          },
        ],
        usage: { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens },
      },
    };
  }

  const server = await simulate(handle, { port });
  return { ...server, baseURL: `${server.url}/v1`, asked };
}

export function tokens(text: string): number {
  return Math.ceil(text.length / 4);
}

function failure(status: number, code: string, message: string): Reply {
  return { status, body: { error: { message, type: 'invalid_request_error', param: null, code } } };
}
