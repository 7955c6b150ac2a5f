import { defineIntegration } from '#integrations/integration.ts';
import { ModelSecrets } from '#integrations/model.ts';
import { complete, Settings } from './client.ts';

export const openai = defineIntegration({
  name: 'openai',
  title: 'OpenAI',
  settings: Settings,
  secrets: ModelSecrets,
  model: { usual: 'gpt-4.1-mini', complete },
});
