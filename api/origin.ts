import type { RequestHandler } from 'express';
import { Refusal } from '#domain/refusal.ts';

const reads = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A browser sends the cookie along with whatever another site makes it do; so changes must come from our own pages.
 * What carries a token carries no such thing, and neither does what is no browser and names no origin.
 */
export function ownOrigin(publicBaseUrl: string): RequestHandler {
  const own = new URL(publicBaseUrl).origin;
  return (request, _response, next) => {
    const { origin, host, authorization } = request.headers;
    if (reads.has(request.method) || authorization !== undefined) return next();
    const site = request.headers['sec-fetch-site'];
    const isOurs =
      origin === undefined
        ? site === undefined || site === 'same-origin' || site === 'none'
        : origin === own || originHost(origin) === host;
    if (!isOurs) throw new Refusal('forbidden', 'This call comes from another site.');
    next();
  };
}

function originHost(origin: string): string | undefined {
  return /^https?:\/\/([^/]+)$/.exec(origin)?.[1];
}
