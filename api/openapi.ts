import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from 'zod-openapi';
import { tokenScopes } from '#domain/permissions.ts';
import { isOpen, type OpenRoute, type Route } from './route.ts';

const Problem = z
  .object({
    type: z.string(),
    status: z.int(),
    title: z.string(),
    errors: z.array(z.object({ field: z.string(), message: z.string() })),
  })
  .meta({ id: 'Problem', description: 'Why not, as application/problem+json.' });
const problem = {
  description: 'Why not',
  content: { 'application/problem+json': { schema: Problem } },
};

/** The contract as OpenAPI 3.1, made from the routes themselves. */
export function openapiOf(routes: (Route | OpenRoute)[], url: string): object {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const path = `/api${route.path.replaceAll(/:(\w+)/g, '{$1}')}`;
    paths[path] = { ...paths[path], [route.method]: operationOf(route) };
  }
  return createDocument(
    {
      openapi: '3.1.0',
      info: { title: 'Throughline', version: '1', description: 'Leads in, follow-up, and why.' },
      servers: [{ url }],
      paths,
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description: 'An API token with the scope that a call names, for systems.',
          },
          session: {
            type: 'apiKey',
            in: 'cookie',
            // As db/auth.ts names it.
            name: url.startsWith('https://') ? '__Host-throughline' : 'throughline',
            description: 'Who has signed in, for people.',
          },
        },
      },
    },
    // What JSON Schema cannot say of a transformed or checked value is left open.
    {
      allowEmptySchema: {
        custom: true,
        transform: true,
        undefined: true,
        unknown: true,
        any: true,
      },
    },
  );
}

function operationOf(route: Route | OpenRoute): ZodOpenApiOperationObject {
  const { method, path, summary, params, query, body, reply, needs } = route;
  const status = successOf(route);
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name!);
  const key = {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    schema: { type: 'string' },
  };
  const operation = {
    operationId: [method, ...path.split('/').filter(Boolean)].join('-').replaceAll(':', ''),
    summary,
    tags: [path.split('/').find((part) => part && part !== 'v1')!],
    security: securityOf(route),
    ...(!isOpen(route) && { description: `Needs \`${needs}\`.` }),
    ...(method === 'post' && !isOpen(route) && { parameters: [key as never] }),
    requestParams: {
      path: (params ??
        z.object(Object.fromEntries(names.map((name) => [name, z.string()])))) as never,
      ...(query && { query: query as never }),
    },
    ...(body && { requestBody: { content: { 'application/json': { schema: body } } } }),
    responses: {
      [status]: {
        description: 'Done',
        ...(status !== '204' && { content: { 'application/json': { schema: reply } } }),
      },
      default: problem,
    },
  };
  return operation as ZodOpenApiOperationObject;
}

/** Either one does; what no token can be given is for people alone. */
function securityOf({ needs }: Route | OpenRoute): Record<string, string[]>[] {
  if (needs === 'nobody') return [];
  const session = { session: [] };
  const isForSystems = (tokenScopes as readonly string[]).includes(needs);
  return isForSystems ? [{ token: [needs] }, session] : [session];
}

/** A status that depends on what came out is 201, or 200 for what was there. */
function successOf({ status }: Route | OpenRoute): `${1 | 2 | 3 | 4 | 5}${string}` {
  if (!status) return '200';
  try {
    return `${status({} as never)}` as '200';
  } catch {
    return '200';
  }
}
