import { z } from 'zod';
import { addTerm, changeTerm, listTerms } from '#db/taxonomies.ts';
import { listTerritories, setTerritories } from '#db/territories.ts';
import { TerritoryRule } from '#domain/assignment.ts';
import { pageOf } from '#domain/page.ts';
import { taxonomies, Term } from '#domain/taxonomy.ts';
import { route } from './route.ts';

const { label, colour, position } = Term.shape;
const OneList = z.object({ taxonomy: z.enum(taxonomies) });
const slug = z
  .string()
  .regex(/^[A-Za-z0-9]+([-_][A-Za-z0-9]+)*$/)
  .max(60);

export const taxonomyRoutes = [
  route('get', '/taxonomies/:taxonomy', {
    summary: 'List the words of a list: lead sources, lead stages or company statuses',
    needs: 'leads:read',
    params: OneList,
    reply: pageOf(Term),
    run: async ({ params }, scope) => ({
      items: await listTerms(scope, params.taxonomy),
      next: null,
    }),
  }),

  route('post', '/taxonomies/:taxonomy', {
    summary: 'Add a word to a list',
    needs: 'workspace:write',
    params: OneList,
    body: z.object({ slug, label, colour: colour.optional(), position: position.optional() }),
    reply: Term,
    status: () => 201,
    run: ({ params, body }, scope) => addTerm(scope, { ...params, ...body }),
  }),

  route('patch', '/taxonomies/:taxonomy/:slug', {
    summary: 'Rename, move, archive or bring back a word',
    needs: 'workspace:write',
    params: OneList.extend({ slug: z.string() }),
    body: z.object({ label, colour, position, archived: z.boolean() }).partial(),
    reply: Term,
    run: ({ params, body }, scope) => changeTerm(scope, params, body),
  }),

  route('get', '/territories', {
    summary: 'List the rules that say who may be given which leads, in their order',
    needs: 'members:read',
    reply: pageOf(TerritoryRule),
    run: async (_given, scope) => ({ items: await listTerritories(scope), next: null }),
  }),

  route('put', '/territories', {
    summary: 'Set the rules that say who may be given which leads',
    needs: 'members:write',
    body: z.object({ items: z.array(TerritoryRule).max(200) }),
    reply: pageOf(TerritoryRule),
    run: async ({ body }, scope) => {
      await setTerritories(scope, body.items);
      return { items: await listTerritories(scope), next: null };
    },
  }),
];
