import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';

/** One call as somebody else's server saw it. */
export interface Call {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
  /** What made it once: an idempotency key or a message id. */
  key?: string;
  /** Whether the server did what was asked, however it answered. */
  executed: boolean;
}

export interface Reply {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
  key?: string;
}

/** What the next call shall meet instead of the ordinary answer. */
export interface Order {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  delayMs?: number;
  /** The connection is reset: before anything is done, or after all was done and nothing was said. */
  reset?: 'before' | 'after';
  /** Does it, and then says nothing. */
  hang?: true;
}

/** A server of somebody else, on a free port of this machine. */
export interface Simulator {
  url: string;
  port: number;
  calls: Call[];
  /** For the next calls, in order; after them it answers as usual. */
  script(...orders: Order[]): void;
  stop(): Promise<void>;
}

/**
 * Serves `handle` over HTTP and logs every call. Another process steers it by
 * `POST /_control/script` (a list of orders) and reads `GET /_control/calls`.
 */
export async function simulate(
  handle: (call: Call) => Reply,
  { port = 0 }: { port?: number } = {},
): Promise<Simulator> {
  const calls: Call[] = [];
  const orders: Order[] = [];

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = await callOf(request);
    if (call.path.startsWith('/_control/')) return control(call, response);
    const order = orders.shift() ?? {};
    calls.push(call);
    if (order.reset === 'before') return void request.socket.resetAndDestroy();
    const { key, ...reply } =
      order.status === undefined
        ? handle(call)
        : { status: order.status, headers: order.headers ?? {}, body: order.body ?? '' };
    call.executed = order.status === undefined && reply.status < 400;
    if (key) call.key = key;
    if (order.delayMs) await after(order.delayMs);
    if (order.reset === 'after') return void request.socket.resetAndDestroy();
    if (order.hang) return;
    const body = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
    response.end(order.body ?? body);
  }

  function control(call: Call, response: ServerResponse): void {
    if (call.method === 'POST') orders.push(...(JSON.parse(call.body) as Order[]));
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(calls));
  }

  const server = createServer((request, response) => void serve(request, response));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: taken } = server.address() as AddressInfo;
  return {
    ...{ url: `http://127.0.0.1:${taken}`, port: taken, calls },
    script: (...more) => void orders.push(...more),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function callOf(request: IncomingMessage): Promise<Call> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return {
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    ),
    body: Buffer.concat(chunks).toString('utf8'),
    executed: false,
  };
}
