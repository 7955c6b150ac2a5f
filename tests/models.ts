import { createConnection } from '#db/connections.ts';
import { setAssessmentSettings } from '#db/assessment-settings.ts';
import type { Scope } from '#db/scope.ts';
import { AssessmentSettings } from '#domain/assessment.ts';
import { key } from './serve.ts';

/** A model that this workspace is connected with, at a server of this machine. */
export async function connectModel(
  scope: Scope,
  url: string,
  settings: Partial<AssessmentSettings> = {},
): Promise<string> {
  const given = {
    source: 'openai',
    name: 'Model',
    settings: { url },
    secrets: { apiKey: 'sk-test' },
  };
  const { id } = await createConnection(scope, given, key);
  const whole = AssessmentSettings.parse({ connectionId: id, model: 'gpt-4o', ...settings });
  await setAssessmentSettings(scope, whole, ['openai', 'anthropic']);
  return id;
}

/** Answers as a model that keeps to the facts: it cites the first that it was given. */
export function sensible({ prompt }: { prompt: string }): object {
  const [first = ''] = Object.keys(JSON.parse(prompt.split('\n').at(-1)!) as object);
  return {
    text: 'It waits for a word from us.',
    risks: [{ text: 'Nobody has spoken with them.', cites: [first] }],
    nextActions: [{ text: 'Call them.', cites: [first] }],
  };
}
