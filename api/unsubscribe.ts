import { type Response, Router } from 'express';
import { inWorkspace } from '#db/scope.ts';
import { readToken } from '#db/secrets.ts';
import { unsubscribe } from '#db/suppressions.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';

/**
 * The link at the foot of a mail. Looking at it changes nothing, because mail filters look at every link; the page's
 * button, and the mail program's own (RFC 8058), end it for good.
 */
export function unsubscribeRouter(deps: Pick<Deps, 'db' | 'encryptionKey'>): Router {
  const { db, encryptionKey } = deps;
  const router = Router();

  router.get('/unsubscribe/:token', (request, response) => {
    whose(request.params.token);
    show(
      response,
      'Stop these emails?',
      '<form method="post"><button type="submit">Unsubscribe</button></form>',
    );
  });

  router.post('/unsubscribe/:token', async (request, response) => {
    const { workspaceId, contactId } = whose(request.params.token);
    const isPage = /^(navigate|same-origin)$/.test(String(request.headers['sec-fetch-mode'] ?? ''));
    const source = isPage ? 'link' : 'one-click';
    await inWorkspace(db, { workspaceId, actor: 'recipient' }, (scope) =>
      unsubscribe(scope, contactId, source),
    );
    show(response, 'You are unsubscribed', '<p>You will not get any more of these emails.</p>');
  });

  return router;

  function whose(token: string): { workspaceId: string; contactId: string } {
    const [workspaceId, contactId] = readToken(token, encryptionKey)?.split(' ') ?? [];
    if (!workspaceId || !contactId) throw new Refusal('not-found', 'There is no such link.');
    return { workspaceId, contactId };
  }
}

function show(response: Response, title: string, body: string): void {
  response
    .set(
      'Content-Security-Policy',
      "default-src 'none'; form-action 'self'; style-src 'unsafe-inline'",
    )
    .set('Cache-Control', 'no-store')
    .set('X-Robots-Tag', 'noindex')
    .type('html')
    .send(
      `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
        `<title>${title}</title><style>body{font:16px/1.5 system-ui;max-width:28rem;margin:20vh auto;padding:0 1rem}` +
        `button{font:inherit;padding:.5rem 1rem}</style><main><h1>${title}</h1>${body}</main></html>`,
    );
}
