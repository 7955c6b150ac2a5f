import { z } from 'zod';
import type { Delivery } from '#integrations/integration.ts';
import { checkHexHmac, checkUnpacked, headerOf } from '#integrations/signature.ts';

const Secrets = z.object({ secret: z.string().min(1) });

/** X-Webhook-Signature is the hex HMAC-SHA256 of the body, with or without `sha256=` before it. */
export function verifySignature(delivery: Delivery, secrets: unknown): void {
  const { secret } = Secrets.parse(secrets);
  checkUnpacked(delivery);
  const signature = headerOf(delivery.headers, 'x-webhook-signature');
  checkHexHmac(secret, delivery.body, signature.replace(/^sha256=/, ''));
}
