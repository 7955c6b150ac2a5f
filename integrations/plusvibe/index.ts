import { defineIntegration } from '#integrations/integration.ts';
import { pauseLead, Secrets, Settings, stopLead } from './client.ts';
import { idOfEvent, readEvent } from './events.ts';
import { verifySignature } from './signature.ts';

export const plusvibe = defineIntegration({
  name: 'plusvibe',
  title: 'PlusVibe',
  settings: Settings,
  secrets: Secrets,
  webhook: { verify: verifySignature, idOf: idOfEvent, read: readEvent },
  actions: { pauseLead, stopLead },
});
