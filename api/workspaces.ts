import { z } from 'zod';
import { enterWorkspace } from '#db/members.ts';
import { changeWorkspace, createWorkspace, getWorkspace } from '#db/workspaces.ts';
import { NewWorkspace, Workspace, WorkspaceChange } from '#domain/workspace.ts';
import { openRoute, route } from './route.ts';

export const workspaceRoutes = [
  openRoute('post', '/workspaces', {
    summary: 'Make a workspace, and be in it',
    needs: 'a user',
    body: NewWorkspace,
    reply: Workspace,
    status: () => 201,
    async run({ body }, user, { db, mail }) {
      const workspace = await createWorkspace(db, user!, body, mail);
      await enterWorkspace(db, user!.id, workspace.id);
      return workspace;
    },
  }),

  openRoute('post', '/workspaces/:id/activate', {
    summary: 'Go to another of your workspaces',
    needs: 'a user',
    params: z.object({ id: z.uuid() }),
    reply: z.object({ id: z.uuid() }),
    async run({ params }, user, { db }) {
      await enterWorkspace(db, user!.id, params.id);
      return { id: params.id };
    },
  }),

  route('get', '/workspace', {
    summary: 'Show the workspace',
    needs: 'workspace:read',
    reply: Workspace,
    run: (_given, scope) => getWorkspace(scope),
  }),

  route('patch', '/workspace', {
    summary: 'Change the name, the time zone, the currency or a setting of the workspace',
    needs: 'workspace:write',
    body: WorkspaceChange,
    reply: Workspace,
    run: ({ body }, scope) => changeWorkspace(scope, body),
  }),
];
