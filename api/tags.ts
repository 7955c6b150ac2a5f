import { z } from 'zod';
import { addTag, changeTag, listTags } from '#db/taxonomies.ts';
import { pageOf } from '#domain/page.ts';
import { Tag } from '#domain/taxonomy.ts';
import { route } from './route.ts';

const { slug, label, kind, actions, active, position } = Tag.shape;

export const tagRoutes = [
  route('get', '/tags', {
    summary: 'List the tags that can be put on leads',
    needs: 'leads:read',
    reply: pageOf(Tag),
    run: async (_given, scope) => ({ items: await listTags(scope), next: null }),
  }),

  route('post', '/tags', {
    summary: 'Add a tag',
    needs: 'workspace:write',
    body: z.object({
      ...{ slug, label, kind: kind.optional(), actions: actions.optional() },
      position: position.optional(),
    }),
    reply: Tag,
    status: () => 201,
    run: ({ body }, scope) => addTag(scope, body),
  }),

  route('patch', '/tags/:slug', {
    summary: 'Rename a tag, change what it does, or take it out of use',
    needs: 'workspace:write',
    params: z.object({ slug: z.string() }),
    body: z.object({ label, kind, actions, active, position }).partial(),
    reply: Tag,
    run: ({ params, body }, scope) => changeTag(scope, params.slug, body),
  }),
];
