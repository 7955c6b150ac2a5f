import express, { type RequestHandler, Router } from 'express';
import { fromNodeHeaders } from 'better-auth/node';
import { ADDRESS_HEADER } from '#db/auth.ts';
import { membershipsOf } from '#db/members.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';
import { sendProblem } from './errors.ts';
import { signedIn } from './identify.ts';
import { refuseOddities } from './limits.ts';

const body: RequestHandler = express.json({ limit: '100kb' });
const reasonOf: Record<number, string> = {
  400: 'invalid',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  429: 'too-many',
};

/** Signing up, in and out, in the words and shapes of the rest of the API. */
export function signInRouter(deps: Deps): Router {
  const router = Router();
  router.get('/api/auth/me', async (request, response) => {
    const user = await signedIn(deps, request);
    const all = await membershipsOf(deps.db, user.id);
    const [here] = all;
    const workspaces = all.map(({ workspace, role }) => ({ ...workspace, role }));
    response.json({
      user,
      workspace: here?.workspace ?? null,
      role: here?.role ?? null,
      workspaces,
    });
  });

  router.all('/api/auth/{*any}', body, async (request, response) => {
    refuseOddities(request.body);
    const headers = fromNodeHeaders(request.headers);
    headers.set(ADDRESS_HEADER, deps.addressOf(request));
    headers.delete('content-length');
    const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
    if (hasBody) headers.set('content-type', 'application/json');
    const answer = await deps.auth.handler(
      new Request(new URL(request.originalUrl, deps.publicBaseUrl), {
        ...{ method: request.method, headers },
        ...(hasBody && { body: JSON.stringify(request.body ?? {}) }),
      }),
    );
    if (answer.status >= 500) {
      throw new Refusal('unavailable', 'We cannot do this at the moment. Try again soon.');
    }
    const cookies = answer.headers.getSetCookie();
    if (cookies.length > 0) response.set('Set-Cookie', cookies);
    const text = await answer.text();
    if (answer.status < 400) {
      const location = answer.headers.get('location');
      if (location) response.location(location);
      return void response.status(answer.status).type('json').send(text);
    }
    const wait = answer.headers.get('x-retry-after');
    if (wait) response.set('Retry-After', wait);
    const { message } = (text ? JSON.parse(text) : {}) as { message?: string };
    const status = answer.status === 400 ? 422 : answer.status;
    const title = message ?? 'This cannot be done.';
    const type = `/problems/${reasonOf[answer.status] ?? 'invalid'}`;
    sendProblem(response, { type, status, title, errors: [] });
  });
  return router;
}
