import { defineIntegration } from '#integrations/integration.ts';
import { complete, Secrets, Settings } from './client.ts';

export const openai = defineIntegration({
  name: 'openai',
  title: 'OpenAI',
  settings: Settings,
  secrets: Secrets,
  model: { usual: 'gpt-4.1-mini', complete },
});
