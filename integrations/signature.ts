import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Refusal } from '#domain/refusal.ts';
import type { Delivery, Headers } from './integration.ts';

const WINDOW_SECONDS = 300;

/**
 * Throws unless `signature` is the hex HMAC-SHA256 of what was signed.
 * An empty secret is a mistake of ours and throws an ordinary error.
 */
export function checkHexHmac(secret: string, signed: Buffer, signature: string): void {
  if (!secret) throw new Error('This connection has no signing secret.');
  const ours = createHmac('sha256', secret).update(signed).digest('hex');
  if (!sameText(ours, signature.toLowerCase())) refuse();
}

/** The one value of a header. Absent, empty or sent twice is refused. */
export function headerOf(headers: Headers, name: string): string {
  const value = headers[name];
  if (typeof value !== 'string' || value === '' || value.includes(', ')) refuse();
  return value;
}

/** Throws unless these unix seconds are at most five minutes away from now, in either direction. */
export function checkFresh(seconds: string, now: string): void {
  if (!/^\d{1,12}$/.test(seconds)) refuse();
  if (Math.abs(Date.parse(now) / 1000 - Number(seconds)) > WINDOW_SECONDS) refuse();
}

/** What was signed are the bytes as they came, so a packed body is not judged at all. */
export function checkUnpacked({ headers }: Delivery): void {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new Refusal('malformed', 'Send the body as it was signed, without Content-Encoding.');
  }
}

/** Compares in a time that does not depend on where the texts differ. */
export function sameText(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(a!, b!) && one.length === other.length;
}

export function refuse(): never {
  throw new Refusal('unauthenticated', 'The signature is missing, too old or wrong.');
}
