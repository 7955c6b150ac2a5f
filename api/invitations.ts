import { z } from 'zod';
import {
  acceptInvitation,
  createInvitation,
  listInvitations,
  readInvitation,
  revokeInvitation,
} from '#db/invitations.ts';
import { enterWorkspace } from '#db/members.ts';
import { Invitation, NewInvitation, OpenInvitation } from '#domain/member.ts';
import { pageOf } from '#domain/page.ts';
import { openRoute, route } from './route.ts';

/** The token of the link, which only its holder knows. */
const ByToken = z.object({ id: z.string().min(10).max(100) });

export const invitationRoutes = [
  route('get', '/invitations', {
    summary: 'List invitations that can still be accepted',
    needs: 'members:read',
    reply: pageOf(Invitation),
    run: async (_given, scope) => ({ items: await listInvitations(scope), next: null }),
  }),

  route('post', '/invitations', {
    summary: 'Invite someone; the link is shown once',
    needs: 'members:write',
    body: NewInvitation,
    reply: Invitation.extend({ link: z.url() }),
    status: () => 201,
    async run({ body }, scope, { publicBaseUrl }) {
      const { invitation, token } = await createInvitation(scope, body);
      return { ...invitation, link: `${publicBaseUrl}/invite/${token}` };
    },
  }),

  route('delete', '/invitations/:id', {
    summary: 'Take an invitation back',
    needs: 'members:write',
    params: z.object({ id: z.uuid() }),
    reply: z.undefined(),
    status: () => 204,
    run: async ({ params }, scope) => void (await revokeInvitation(scope, params.id)),
  }),

  openRoute('get', '/invitations/:id', {
    summary: 'Show what an invitation is for, to who holds its link',
    needs: 'nobody',
    params: ByToken,
    reply: OpenInvitation,
    run: ({ params }, _user, { db }) => readInvitation(db, params.id),
  }),

  openRoute('post', '/invitations/:id/accept', {
    summary: 'Join the workspace that invited you',
    needs: 'a user',
    params: ByToken,
    reply: z.object({ workspaceId: z.uuid() }),
    async run({ params }, user, { db }) {
      const workspaceId = await acceptInvitation(db, params.id, user!);
      await enterWorkspace(db, user!.id, workspaceId);
      return { workspaceId };
    },
  }),
];
