import { listMembers } from './members.ts';
import { listStages } from './pipelines.ts';
import type { Scope } from './scope.ts';
import { getWorkspace } from './workspaces.ts';

/** What a workspace calls its stages and its people, and how it counts time and money. */
export interface Words {
  stages: { slug: string; name: string; kind: string; position: number; probability: number }[];
  members: { userId: string; name: string; email: string }[];
  zone: string;
  currency: string;
}

/** All that a text of a file may mean here. */
export async function wordsOf(scope: Scope): Promise<Words> {
  const { timezone: zone, currency } = await getWorkspace(scope);
  return { zone, currency, stages: await listStages(scope), members: await listMembers(scope) };
}
