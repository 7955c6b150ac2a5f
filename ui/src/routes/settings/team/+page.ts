import type { Invitation, Member } from '#domain/member.ts';
import { keep, type Page } from '#lib/api.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, depends }) => {
  depends('api:settings');
  const [members, invitations] = await Promise.all([
    keep<Page<Member>>(fetch, '/members'),
    keep<Page<Invitation>>(fetch, '/invitations'),
  ]);
  return { members, invitations: invitations.value?.items ?? [] };
};
