import { parsed } from '#integrations/receipt.ts';
import { type Call, type Reply, simulate } from '#integrations/simulated.ts';

/**
 * Resend's API as its OpenAPI says: `POST /emails` with Idempotency-Key (the same key answers the stored
 * answer, another body under it 409) and `GET /emails/receiving/{email_id}`. `mails` holds what was really
 * sent; `inbox` is what there is to fetch, by id.
 */
export async function simulateResend({ apiKey = 're_test', port = 0 } = {}) {
  const mails: (Record<string, unknown> & { id: string })[] = [];
  const inbox = new Map<string, Record<string, unknown>>();
  const answers = new Map<string, { body: string; reply: Reply }>();

  function handle(call: Call): Reply {
    if (call.headers['authorization'] !== `Bearer ${apiKey}`) {
      return failure(401, 'missing_api_key', 'Missing API key in the authorization header');
    }
    if (call.method === 'POST' && call.path === '/emails') return once(call);
    const received = inbox.get(decodeURIComponent(call.path.replace('/emails/receiving/', '')));
    if (received) return { status: 200, body: received };
    return failure(404, 'not_found', 'Email not found');
  }

  function once(call: Call): Reply {
    const key = call.headers['idempotency-key'];
    if (!key) return send(call);
    if (key.length > 256) return failure(400, 'invalid_idempotency_key', 'The key is too long');
    const before = answers.get(key);
    if (before && before.body !== call.body) {
      const message = 'Same idempotency key used with a different request payload';
      return { ...failure(409, 'invalid_idempotent_request', message), key };
    }
    const reply = before?.reply ?? send(call);
    if (reply.status === 200) answers.set(key, { body: call.body, reply });
    return { ...reply, key };
  }

  function send(call: Call): Reply {
    const mail = parsed(call.body) as Record<string, unknown> | undefined;
    const missing = ['from', 'to', 'subject'].find((field) => mail?.[field] === undefined);
    if (!mail || missing) {
      return failure(422, 'missing_required_field', `Missing \`${missing ?? 'body'}\` field`);
    }
    const id = crypto.randomUUID();
    mails.push({ id, ...mail });
    return { status: 200, body: { id } };
  }

  return { ...(await simulate(handle, { port })), mails, inbox };
}

function failure(statusCode: number, name: string, message: string): Reply {
  return { status: statusCode, body: { statusCode, name, message } };
}
