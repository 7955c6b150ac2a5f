import { parsed } from '#integrations/receipt.ts';
import { type Call, type Reply, simulate } from '#integrations/simulated.ts';

interface Asked {
  model?: string;
  max_tokens?: number;
  system?: string;
  messages?: { role: string; content: string }[];
  output_config?: { format?: { type: string; schema?: unknown } };
}

/** `POST /v1/messages` as version 2026-10-21 of Anthropic's API documents it, for an answer that keeps to a schema. */
export async function simulateAnthropic(
  answer: (seen: { system: string; prompt: string; schema: unknown }) => unknown,
  { apiKey = 'sk-ant-test', port = 0 } = {},
) {
  const asked: { system: string; prompt: string; schema: unknown }[] = [];

  function handle(call: Call): Reply {
    if (call.headers['authorization'] !== `Bearer ${apiKey}`) {
      return failure(401, 'authentication_error', 'invalid api key');
    }
    if (!call.headers['anthropic-version']) {
      return failure(400, 'invalid_request_error', 'anthropic-version: header is required');
    }
    if (call.method !== 'POST' || call.path !== '/v1/messages') {
      return failure(404, 'not_found_error', 'Not Found');
    }
    const given = parsed(call.body) as Asked;
    const { model, max_tokens: most, system = '', messages = [] } = given;
    if (!model || !most || messages.length === 0) {
      return failure(400, 'invalid_request_error', 'model, max_tokens and messages are required');
    }
    const format = given.output_config?.format;
    if (format?.type !== 'json_schema' || !format.schema) {
      return failure(400, 'invalid_request_error', 'output_config.format.schema: Field required');
    }
    const prompt = messages[0]!.content;
    const seen = { system, prompt, schema: format.schema };
    asked.push(seen);
    const made = answer(seen);
    const text = typeof made === 'string' ? made : JSON.stringify(made);
    return {
      status: 200,
      body: {
        ...{ id: `msg_${asked.length}`, type: 'message', role: 'assistant', model },
        content: [{ type: 'text', text, citations: null }],
        ...{ stop_reason: 'end_turn', stop_sequence: null, stop_details: null, container: null },
        usage: {
          input_tokens: Math.ceil((system + prompt).length / 4),
          output_tokens: Math.ceil(text.length / 4),
        },
      },
    };
  }

  return { ...(await simulate(handle, { port })), asked };
}

function failure(status: number, type: string, message: string): Reply {
  return { status, body: { type: 'error', error: { type, message } } };
}
