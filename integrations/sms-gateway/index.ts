import { defineIntegration } from '#integrations/integration.ts';
import { lookUpText, Secrets, sendText, Settings } from './client.ts';
import { idOfEvent, readEvent } from './events.ts';
import { verifySignature } from './signature.ts';

export const smsGateway = defineIntegration({
  name: 'sms-gateway',
  title: 'SMS Gateway for Android',
  settings: Settings,
  secrets: Secrets,
  channel: {
    name: 'sms-gateway',
    title: 'SMS through an Android phone',
    kind: 'sms',
    settings: Settings,
    send: sendText,
    lookUp: lookUpText,
  },
  webhook: { verify: verifySignature, idOf: idOfEvent, read: readEvent },
});
