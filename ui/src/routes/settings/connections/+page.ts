import type { Connection } from '#domain/connection.ts';
import { keep, type Page } from '#lib/api.ts';
import type { Schema } from '#lib/schema.ts';
import type { PageLoad } from './$types';

export type Connected = Connection & { url: string | null };

export interface System {
  name: string;
  title: string;
  settings: Schema;
  secrets: Schema | null;
  sends: 'email' | 'sms' | null;
  receives: boolean;
}

export const load: PageLoad = async ({ fetch, depends }) => {
  depends('api:settings', 'api:connections');
  const [connections, systems] = await Promise.all([
    keep<Page<Connected>>(fetch, '/connections'),
    keep<{ items: System[] }>(fetch, '/integrations'),
  ]);
  return { connections, systems: systems.value?.items ?? [] };
};
