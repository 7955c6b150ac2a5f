import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import type { Delivery } from '#integrations/integration.ts';
import { checkFresh, checkUnpacked, headerOf, refuse, sameText } from '#integrations/signature.ts';

const Secrets = z.looseObject({ secret: z.string().min(1) });

/** Standard Webhooks, under its own header names or those of Svix. Several signatures may be given. */
export function verifySignature(delivery: Delivery, secrets: unknown): void {
  const { secret } = Secrets.parse(secrets);
  checkUnpacked(delivery);
  const family = delivery.headers['svix-id'] === undefined ? 'webhook' : 'svix';
  const id = headerOf(delivery.headers, `${family}-id`);
  const timestamp = headerOf(delivery.headers, `${family}-timestamp`);
  const signatures = headerOf(delivery.headers, `${family}-signature`);
  checkFresh(timestamp, delivery.now);
  // The package's own check reads the machine's clock; the age has been judged above, by the delivery's.
  const at = new Date(Number(timestamp) * 1000);
  const ours = new Webhook(secret).sign(id, at, delivery.body.toString('utf8'));
  if (!signatures.split(' ').some((given) => sameText(given, ours))) refuse();
}
