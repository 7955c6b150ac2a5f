import { defineIntegration } from '#integrations/integration.ts';
import { Secrets, sendMail, Settings } from './client.ts';

export const smtp = defineIntegration({
  name: 'smtp',
  title: 'SMTP server',
  settings: Settings,
  secrets: Secrets,
  channel: {
    name: 'smtp',
    title: 'Email through an SMTP server',
    kind: 'email',
    settings: Settings,
    send: sendMail,
  },
});
