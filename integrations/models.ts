import type { Connection } from './channel.ts';
import { integrations } from './index.ts';
import type { Question, Said } from './model.ts';

/** The systems that can answer questions, by their names. */
export const modelSystems = integrations.flatMap(({ name, model }) => (model ? [name] : []));

/** The model that is meant where a workspace names none. */
export function usualModel(source: string): string {
  return integrations.find(({ name }) => name === source)?.model?.usual ?? '';
}

/** Asks the model of a connection. What goes wrong is an answer too. */
export async function askModel(
  { source, ...connection }: Connection & { source: string },
  question: Question,
): Promise<Said> {
  const model = integrations.find(({ name }) => name === source)?.model;
  const none: Said = { is: 'failed', because: 'The model could not be asked.', isPaid: false };
  return (await model?.complete(question, connection).catch(() => none)) ?? none;
}
