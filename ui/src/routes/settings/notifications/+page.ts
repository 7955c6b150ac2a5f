import type { NotificationSettings, OwnDigest } from '#domain/digest.ts';
import { keep } from '#lib/api.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, depends }) => {
  depends('api:settings');
  const [own, told] = await Promise.all([
    keep<OwnDigest>(fetch, '/notifications/digest'),
    keep<NotificationSettings>(fetch, '/workspace/notifications'),
  ]);
  return { own, told };
};
