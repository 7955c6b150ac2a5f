import { defineIntegration } from '#integrations/integration.ts';
import { ModelSecrets } from '#integrations/model.ts';
import { complete, Settings } from './client.ts';

export const anthropic = defineIntegration({
  name: 'anthropic',
  title: 'Anthropic',
  settings: Settings,
  secrets: ModelSecrets,
  model: { usual: 'claude-sonnet-4-6', complete },
});
