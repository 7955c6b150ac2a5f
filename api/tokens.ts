import { z } from 'zod';
import { createToken, listTokens, revokeToken } from '#db/tokens.ts';
import { pageOf } from '#domain/page.ts';
import { NewToken, Token } from '#domain/token.ts';
import { route } from './route.ts';

export const tokenRoutes = [
  route('get', '/tokens', {
    summary: 'List API tokens, without the tokens',
    needs: 'tokens:write',
    reply: pageOf(Token),
    run: async (_given, scope) => ({ items: await listTokens(scope), next: null }),
  }),

  route('post', '/tokens', {
    summary: 'Make an API token; it is shown once',
    needs: 'tokens:write',
    body: NewToken,
    reply: Token.extend({ token: z.string() }),
    status: () => 201,
    run: ({ body }, scope) => createToken(scope, body),
  }),

  route('delete', '/tokens/:id', {
    summary: 'Revoke an API token, at once',
    needs: 'tokens:write',
    params: z.object({ id: z.uuid() }),
    reply: z.undefined(),
    status: () => 204,
    run: async ({ params }, scope) => void (await revokeToken(scope, params.id)),
  }),
];
