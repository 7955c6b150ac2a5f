import { Agent, buildConnector } from 'undici';
import { addressGuard, type Guard, type Lookup, UNREACHABLE } from './address.ts';

export interface Ask {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers?: Record<string, string>;
  body?: string;
  /** From the first step to the last byte of the answer; ten seconds unless told. */
  timeoutMs?: number;
  /** Of the answer's body; the rest is left unread. 1 MiB unless told. */
  maxBytes?: number;
}

/** What became of a call. A redirect is an answer like any other: it is not followed. */
export type Answer =
  | { is: 'answered'; status: number; headers: Record<string, string>; body: string; cut: boolean }
  /** Not a byte of the request left us: asking again is safe. */
  | { is: 'never-sent'; because: string }
  /** The request left, and no whole answer came: it may have been carried out. */
  | { is: 'maybe-executed'; because: string };

/** The one way out to other people's servers. */
export interface Outbound extends Guard {
  ask(url: string, how?: Ask): Promise<Answer>;
  close(): Promise<void>;
}

const TEN_SECONDS = 10_000;
const ONE_MEBIBYTE = 1024 * 1024;

/**
 * Reaches public addresses over http and https, and of the private ones those that `allow` names
 * (hosts, addresses or CIDR ranges). The address is judged when the connection is made.
 */
export function createOutbound({
  allow = [],
  lookup,
}: { allow?: string[]; lookup?: Lookup } = {}): Outbound {
  const guard = addressGuard(allow, lookup);
  const agent = new Agent({ connect: guardedConnect(guard), allowH2: false });
  return {
    ...guard,
    ask: (url, how = {}) => ask(agent, guard, url, how),
    close: () => agent.close(),
  };
}

let strict: Outbound | undefined;

/** For a caller that was given no way out of its own: public addresses only. */
export function publicOnly(): Outbound {
  return (strict ??= createOutbound());
}

function guardedConnect(guard: Guard): buildConnector.connector {
  const connect = buildConnector({ timeout: TEN_SECONDS, allowH2: false });
  return (options, done) => {
    guard.resolve(options.hostname).then(
      ({ address }) => {
        connect({ ...options, hostname: address }, done);
      },
      () => done(new Error(UNREACHABLE), null),
    );
  };
}

function ask(agent: Agent, guard: Guard, url: string, how: Ask): Promise<Answer> {
  const faulty = guard.faultIn(url);
  if (faulty) return Promise.resolve({ is: 'never-sent', because: faulty });
  const { origin, pathname, search } = new URL(url);
  const { method = 'GET', headers, body, timeoutMs = TEN_SECONDS, maxBytes = ONE_MEBIBYTE } = how;

  return new Promise((resolve) => {
    let left = false;
    let over = false;
    let status = 0;
    let answered: Record<string, string> = {};
    let size = 0;
    const chunks: Buffer[] = [];
    let abort: ((reason: Error) => void) | undefined;
    const timer = setTimeout(() => fail('No answer came in time.'), timeoutMs);

    function end(answer: Answer): void {
      if (over) return;
      over = true;
      clearTimeout(timer);
      resolve(answer);
    }

    function fail(because: string): void {
      end(left ? { is: 'maybe-executed', because } : { is: 'never-sent', because: UNREACHABLE });
      abort?.(new Error(because));
    }

    function finish(cut: boolean): void {
      const body = Buffer.concat(chunks).toString('utf8');
      end({ is: 'answered', status, headers: answered, body, cut });
    }

    const path = pathname + search;
    // A fresh connection each time: on a kept one nobody can tell a lost request from one never sent.
    const options = { origin, path, method, headers, body: body ?? null, reset: true };
    try {
      agent.dispatch(options, {
        onRequestStart(controller) {
          abort = (reason) => controller.abort(reason);
          if (over) abort(new Error('No answer came in time.'));
          else left = true;
        },
        onResponseStart(_controller, code, raw) {
          status = code;
          answered = flat(raw);
        },
        onResponseData(controller, chunk) {
          chunks.push(chunk.subarray(0, maxBytes - size));
          size += chunk.length;
          if (size <= maxBytes) return;
          finish(true);
          controller.abort(new Error('The answer is too long.'));
        },
        onResponseEnd: () => finish(false),
        onResponseError: () => fail('The connection broke before the answer was complete.'),
      });
    } catch {
      fail('The request could not be made.');
    }
  });
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value ?? '')]),
  );
}
