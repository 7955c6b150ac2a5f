import { fromNodeHeaders } from 'better-auth/node';
import type { Request } from 'express';
import type { User } from '#db/auth.ts';
import { membershipsOf } from '#db/members.ts';
import { openToken } from '#db/tokens.ts';
import { mayDo, type Permission } from '#domain/permissions.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';

/** On whose behalf a call is made. */
export interface Caller {
  workspaceId: string;
  actor: string;
}

/** Who is calling, by token or by cookie, if they may do what the route needs; otherwise a refusal. */
export function identify(
  deps: Pick<Deps, 'db' | 'auth'>,
  request: Pick<Request, 'headers'>,
  needs: Permission,
): Promise<Caller> {
  const { 'x-api-key': key, authorization = key && `Bearer ${String(key)}` } = request.headers;
  return authorization === undefined
    ? byCookie(deps, request, needs)
    : byToken(deps, authorization, needs);
}

/** Who is signed in; nobody is a refusal. */
export async function signedIn(
  { auth }: Pick<Deps, 'auth'>,
  { headers }: Pick<Request, 'headers'>,
): Promise<User> {
  const user = headers.cookie ? await auth.userOf(fromNodeHeaders(headers)) : undefined;
  if (!user) throw new Refusal('unauthenticated', 'Sign in first.');
  return user;
}

async function byToken(
  { db }: Pick<Deps, 'db'>,
  authorization: string,
  needs: Permission,
): Promise<Caller> {
  const [, token] = /^Bearer +(\S{1,200})$/i.exec(authorization) ?? [];
  const opened = token ? await openToken(db, token) : undefined;
  if (!opened) throw new Refusal('unauthenticated', 'This token is not known, or has ended.');
  if (!opened.scopes.includes(needs)) {
    throw new Refusal('forbidden', `This token needs the scope ${needs}.`);
  }
  return { workspaceId: opened.workspaceId, actor: `token:${opened.id}` };
}

async function byCookie(
  deps: Pick<Deps, 'db' | 'auth'>,
  request: Pick<Request, 'headers'>,
  needs: Permission,
): Promise<Caller> {
  const user = await signedIn(deps, request);
  const [here] = await membershipsOf(deps.db, user.id);
  if (!here) throw new Refusal('forbidden', 'You belong to no workspace yet.');
  if (!mayDo(here.role, needs)) {
    throw new Refusal('forbidden', `Your role, ${here.role}, may not do this.`);
  }
  return { workspaceId: here.workspace.id, actor: user.id };
}
