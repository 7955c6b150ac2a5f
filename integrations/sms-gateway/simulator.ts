import { parsed } from '#integrations/receipt.ts';
import { type Call, type Reply, simulate } from '#integrations/simulated.ts';

export interface GatewayMessage {
  id: string;
  phoneNumbers: string[];
  textMessage: { text: string };
}

/**
 * The gateway's 3rd-party API as its published swagger says: `POST /messages` (202, 400, 401, 409 for a
 * known id) and `GET /messages/{id}`. `messages` holds what a phone would have sent, once each.
 */
export async function simulateSmsGateway({ username = 'user', password = 'pass', port = 0 } = {}) {
  const messages = new Map<string, GatewayMessage>();
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

  function handle(call: Call): Reply {
    if (call.headers['authorization'] !== authorization) return failure(401, 'Unauthorized');
    if (call.method === 'POST' && call.path === '/messages') return enqueue(call);
    const known = messages.get(decodeURIComponent(call.path.replace('/messages/', '')));
    return known ? { status: 200, body: stateOf(known) } : failure(404, 'Message not found');
  }

  function enqueue(call: Call): Reply {
    const message = parsed(call.body) as Partial<GatewayMessage> | undefined;
    const { id = crypto.randomUUID(), phoneNumbers = [], textMessage } = message ?? {};
    if (id.length > 36 || phoneNumbers.length === 0 || !textMessage?.text) {
      return failure(400, 'Invalid request');
    }
    if (messages.has(id)) {
      return { ...failure(409, 'Message with such ID already exists'), key: id };
    }
    messages.set(id, { id, phoneNumbers, textMessage });
    return { status: 202, body: stateOf({ id, phoneNumbers, textMessage }), key: id };
  }

  const simulator = await simulate(handle, { port });
  return { ...simulator, messages };
}

function stateOf({ id, phoneNumbers }: GatewayMessage) {
  const recipients = phoneNumbers.map((phoneNumber) => ({ phoneNumber, state: 'Pending' }));
  return { id, deviceId: 'PyDmBQZZXYmyxMwED8Fzy', state: 'Pending', recipients };
}

function failure(code: number, message: string): Reply {
  return { status: code, body: { code, message } };
}
