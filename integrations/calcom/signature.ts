import { z } from 'zod';
import type { Delivery } from '#integrations/integration.ts';
import { checkHexHmac, checkUnpacked, headerOf } from '#integrations/signature.ts';

/** The secret that was entered for the webhook in Cal.com. */
export const Secrets = z.object({ secret: z.string().min(1).max(200) });

/** The hex HMAC-SHA256 of the body; without a secret Cal.com sends the word `no-secret-provided`, which is none. */
export function verifySignature(delivery: Delivery, secrets: unknown): void {
  const { secret } = Secrets.parse(secrets);
  checkUnpacked(delivery);
  checkHexHmac(secret, delivery.body, headerOf(delivery.headers, 'x-cal-signature-256'));
}
