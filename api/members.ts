import { z } from 'zod';
import { changeMember, listMembers, removeMember } from '#db/members.ts';
import { Member, MemberChange } from '#domain/member.ts';
import { pageOf } from '#domain/page.ts';
import { route } from './route.ts';

const OneMember = z.object({ userId: z.string().min(1).max(100) });

export const memberRoutes = [
  route('get', '/members', {
    summary: 'List who belongs to the workspace',
    needs: 'members:read',
    reply: pageOf(Member),
    run: async (_given, scope) => ({ items: await listMembers(scope), next: null }),
  }),

  route('patch', '/members/:userId', {
    summary: "Change someone's role, capacity, absence or skills",
    needs: 'members:write',
    params: OneMember,
    body: MemberChange,
    reply: Member,
    run: ({ params, body }, scope) => changeMember(scope, params.userId, body),
  }),

  route('delete', '/members/:userId', {
    summary: 'Take someone out of the workspace, at once',
    needs: 'members:write',
    params: OneMember,
    reply: z.undefined(),
    status: () => 204,
    run: async ({ params }, scope) => void (await removeMember(scope, params.userId)),
  }),
];
