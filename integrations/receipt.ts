import type { Receipt } from './channel.ts';
import type { Answer } from './http.ts';

/**
 * What an HTTP answer means for a message, at a provider that keeps our key: what may have gone out
 * is asked again under the same key, so nothing is ever `unknown`. `accepted` reads the answer of a 2xx.
 */
export function receiptOf(
  answer: Answer,
  now: number,
  accepted: (body: string) => Receipt,
): Receipt {
  if (answer.is === 'never-sent') return { is: 'busy', because: answer.because };
  if (answer.is === 'maybe-executed') return { is: 'busy', because: answer.because, maybe: true };
  const { status, headers, body } = answer;
  if (status >= 200 && status < 300) return accepted(body);
  const retryAt = retryAtOf(headers['retry-after'], now);
  const because = wordsOf(body) ?? `The provider answered ${status}.`;
  if (status === 429) return { is: 'busy', because, ...(retryAt && { retryAt }) };
  if (status >= 500) return { is: 'busy', because, maybe: true, ...(retryAt && { retryAt }) };
  if (status >= 300 && status < 400) {
    return { is: 'refused', because: 'The provider sent us elsewhere.', code: String(status) };
  }
  return { is: 'refused', because, code: String(status) };
}

/** When a Retry-After (seconds or an HTTP date) lets us come back; at most a day away. */
export function retryAtOf(header: string | undefined, now: number): string | undefined {
  if (!header) return undefined;
  const at = /^\d+$/.test(header) ? now + Number(header) * 1000 : Date.parse(header);
  if (Number.isNaN(at)) return undefined;
  return new Date(Math.min(Math.max(at, now), now + 24 * 60 * 60 * 1000)).toISOString();
}

/** The provider's own words, without the addresses and numbers that they may repeat. */
export function wordsOf(body: string): string | undefined {
  const said = parsed(body);
  const message = said && typeof said === 'object' && 'message' in said ? said.message : undefined;
  if (typeof message !== 'string' || message === '') return undefined;
  return unpersonal(message.slice(0, 1000)).slice(0, 300);
}

/** A text without addresses and phone numbers; what an SMTP server says in digits stays. */
export function unpersonal(text: string): string {
  return text
    .slice(0, 2000)
    .replace(/[^\s<>"'`()@,;:]+@[^\s<>"'`()@,;:]+/g, '(address)')
    .replace(/\+?\d[\d\s().-]{5,}\d/g, (digits) => (isNumber(digits) ? '(number)' : digits));
}

function isNumber(digits: string): boolean {
  return digits.replace(/\D/g, '').length >= 7 && !/^[245]\d\d[ -]#?[245]\.\d/.test(digits);
}

export function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
