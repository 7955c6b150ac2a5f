import { createHash } from 'node:crypto';
import { defineIntegration } from '#integrations/integration.ts';
import { fetchMail, Secrets, sendMail, Settings } from './client.ts';
import { readEvent } from './events.ts';
import { verifySignature } from './signature.ts';

export const resend = defineIntegration({
  name: 'resend',
  title: 'Resend',
  settings: Settings,
  secrets: Secrets,
  channel: {
    name: 'resend',
    title: 'Email through Resend',
    kind: 'email',
    settings: Settings,
    send: sendMail,
  },
  webhook: {
    verify: verifySignature,
    idOf(payload, { headers, body }) {
      readEvent(payload);
      const id = headers['svix-id'] ?? headers['webhook-id'];
      return typeof id === 'string' ? id : createHash('sha256').update(body).digest('hex');
    },
    read: readEvent,
  },
  fetchMail,
});
