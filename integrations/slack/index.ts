import { defineIntegration } from '#integrations/integration.ts';
import { Secrets, Settings } from './client.ts';

/** One channel of a Slack, written to through an incoming webhook. */
export const slack = defineIntegration({
  name: 'slack',
  title: 'Slack',
  settings: Settings,
  secrets: Secrets,
});
