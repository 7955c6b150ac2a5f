import { keep, type Page } from '#lib/api.ts';
import { members } from '#lib/choices.ts';
import type { PageLoad } from './$types';

export interface Sender {
  id: string;
  channel: 'email' | 'sms';
  address: string;
  name: string | null;
  userId: string | null;
  provider: string;
  connectionId: string | null;
  signature: string | null;
  active: boolean;
}

export const load: PageLoad = async ({ fetch, depends }) => {
  depends('api:settings');
  const [senders, people, connections] = await Promise.all([
    keep<Page<Sender>>(fetch, '/senders'),
    members(fetch),
    keep<Page<{ id: string; name: string; source: string }>>(fetch, '/connections'),
  ]);
  return { senders, people, connections: connections.value?.items ?? [] };
};
