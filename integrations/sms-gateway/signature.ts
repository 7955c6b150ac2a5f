import { z } from 'zod';
import { checkFresh, checkHexHmac, checkUnpacked, headerOf } from '#integrations/signature.ts';
import type { Delivery } from '#integrations/integration.ts';

const Secrets = z.object({ secret: z.string().min(1) });

/** X-Signature is the hex HMAC-SHA256 of the body with the timestamp behind it, no separator between. */
export function verifySignature(delivery: Delivery, secrets: unknown): void {
  const { secret } = Secrets.parse(secrets);
  checkUnpacked(delivery);
  const signature = headerOf(delivery.headers, 'x-signature');
  const timestamp = headerOf(delivery.headers, 'x-timestamp');
  checkFresh(timestamp, delivery.now);
  checkHexHmac(secret, Buffer.concat([delivery.body, Buffer.from(timestamp)]), signature);
}
