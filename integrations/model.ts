import { z } from 'zod';
import type { Connection } from './channel.ts';
import { type Answer, type Outbound, publicOnly } from './http.ts';

/** What a model is asked. It has no tools and no memory: it can only answer. */
export interface Question {
  model: string;
  system: string;
  prompt: string;
  /** A JSON schema that the answer must keep to. */
  schema: Record<string, unknown>;
  maxTokens: number;
  timeoutMs: number;
}

/** What a model said. A question that failed is an answer too, not an error. */
export type Said =
  | { is: 'answered'; json: unknown; tokensIn: number; tokensOut: number; model: string }
  /** `isPaid`: nobody can tell whether it was carried out, and so it may have to be paid. */
  | { is: 'failed'; because: string; isPaid: boolean };

/** Something that answers questions by a schema. */
export interface Model {
  /** Offered where nobody named one. */
  usual: string;
  complete(question: Question, connection: Connection): Promise<Said>;
}

/** Where models are asked, `url` unless it is set otherwise. */
export function modelSettings(url: string) {
  return z.object({
    url: z.url().default(url),
    /** Dollars per million tokens, for a model that the price list does not know. */
    priceIn: z.number().min(0).max(1000).optional(),
    priceOut: z.number().min(0).max(1000).optional(),
  });
}
export const ModelSecrets = z.object({ apiKey: z.string().min(1) });

/** The house's way out as a `fetch`, for clients that bring their own HTTP; `last` is what became of the call. */
export function fetchThrough(
  { outbound = publicOnly() }: { outbound?: Outbound },
  timeoutMs: number,
) {
  const seen: { last?: Answer } = {};
  async function through(url: unknown, init: RequestInit = {}): Promise<Response> {
    const headers = Object.fromEntries(new Headers(init.headers));
    const method = (init.method ?? 'GET').toUpperCase() as 'POST';
    const body = typeof init.body === 'string' ? { body: init.body } : {};
    const answer = await outbound.ask(addressOf(url), { method, headers, ...body, timeoutMs });
    seen.last = answer;
    if (answer.is !== 'answered') throw new Error(answer.because);
    const hasBody = ![101, 204, 205, 304].includes(answer.status);
    const safe = Object.entries(answer.headers).filter(([name]) => !unpacked.has(name));
    return new Response(hasBody ? answer.body : null, { status: answer.status, headers: safe });
  }
  return { seen, fetch: through as typeof fetch };
}

const unpacked = new Set(['content-length', 'content-encoding', 'transfer-encoding', 'connection']);

function addressOf(url: unknown): string {
  return url instanceof Request ? url.url : String(url);
}

/** Why there is no answer, in words that hold nothing of what was asked. */
export function failureOf(last: Answer | undefined, name: string): Extract<Said, { is: 'failed' }> {
  if (!last) return { is: 'failed', because: `${name} could not be asked.`, isPaid: false };
  if (last.is === 'never-sent') {
    return { is: 'failed', because: `${name} cannot be reached.`, isPaid: false };
  }
  if (last.is === 'maybe-executed') {
    return { is: 'failed', because: `${name} did not answer in time.`, isPaid: true };
  }
  const { status } = last;
  if (status === 429) {
    return { is: 'failed', because: `${name} has been asked too often.`, isPaid: false };
  }
  if (status === 401 || status === 403) {
    return { is: 'failed', because: `${name} does not accept the key.`, isPaid: false };
  }
  if (status === 404) {
    return { is: 'failed', because: `${name} has no such model.`, isPaid: false };
  }
  if (status >= 200 && status < 300) {
    return { is: 'failed', because: `${name} gave an answer that cannot be read.`, isPaid: true };
  }
  return { is: 'failed', because: `${name} answered ${status}.`, isPaid: status >= 500 };
}

/** The JSON object that a text is; nothing when it is none. */
export function objectIn(text: string | null | undefined): object | undefined {
  try {
    const json: unknown = JSON.parse(text ?? '');
    return typeof json === 'object' && json !== null ? json : undefined;
  } catch {
    return undefined;
  }
}
