import { z } from 'zod';
import type { Delivery } from '#integrations/integration.ts';
import { checkHexHmac, checkUnpacked, headerOf, refuse } from '#integrations/signature.ts';

const Secrets = z.looseObject({ secret: z.string().min(1) });

/** The names under which the hex HMAC-SHA256 of the body was seen to arrive. */
const names = ['x-plusvibe-signature', 'x-webhook-signature', 'x-signature'];

export function verifySignature(delivery: Delivery, secrets: unknown): void {
  const { secret } = Secrets.parse(secrets);
  checkUnpacked(delivery);
  const name = names.find((name) => delivery.headers[name] !== undefined) ?? refuse();
  const signature = headerOf(delivery.headers, name);
  checkHexHmac(secret, delivery.body, signature.replace(/^sha256=/, ''));
}
