import { z } from 'zod';
import { defineIntegration } from '#integrations/integration.ts';
import { idOfEvent, readEvent } from './events.ts';
import { Secrets, verifySignature } from './signature.ts';

/** Meetings that people book by themselves. Shapes as Cal.com documents its webhooks. */
export const calcom = defineIntegration({
  name: 'calcom',
  title: 'Cal.com',
  settings: z.object({}),
  secrets: Secrets,
  webhook: { verify: verifySignature, idOf: idOfEvent, read: readEvent },
});
