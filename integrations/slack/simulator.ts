import { parsed } from '#integrations/receipt.ts';
import { type Call, type Reply, simulate } from '#integrations/simulated.ts';

/** Slack's incoming webhooks as documented: `ok`, or an error in one word. `messages` holds what arrived. */
export async function simulateSlack({ path = '/services/T0/B0/x7Qz', port = 0 } = {}) {
  const messages: { text: string; blocks?: unknown[] }[] = [];

  function handle(call: Call): Reply {
    if (call.path !== path) return { status: 404, body: 'no_service' };
    if (call.method !== 'POST') return { status: 400, body: 'invalid_payload' };
    const message = parsed(call.body) as { text?: unknown; blocks?: unknown[] } | undefined;
    if (typeof message?.text !== 'string') return { status: 400, body: 'no_text' };
    messages.push(message as { text: string });
    return { status: 200, body: 'ok', headers: { 'content-type': 'text/plain' } };
  }

  const server = await simulate(handle, { port });
  return { ...server, hook: server.url + path, messages };
}
