import { defineIntegration } from '#integrations/integration.ts';
import { complete, Secrets, Settings } from './client.ts';

export const anthropic = defineIntegration({
  name: 'anthropic',
  title: 'Anthropic',
  settings: Settings,
  secrets: Secrets,
  model: { usual: 'claude-sonnet-4-6', complete },
});
