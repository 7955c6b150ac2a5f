import { z } from 'zod';
import { listTemplates, removeTemplate, saveTemplate } from '#db/templates.ts';
import { Template } from '#domain/message-template.ts';
import { pageOf } from '#domain/page.ts';
import { route } from './route.ts';

export const templateRoutes = [
  route('get', '/templates', {
    summary: 'List the words that steps can share',
    needs: 'sequences:read',
    reply: pageOf(Template),
    run: async (_given, scope) => ({ items: await listTemplates(scope), next: null }),
  }),

  route('post', '/templates', {
    summary: 'Write a template, or write it anew; published versions keep their words',
    needs: 'sequences:write',
    body: Template,
    reply: Template,
    status: () => 201,
    run: ({ body }, scope) => saveTemplate(scope, body),
  }),

  route('delete', '/templates/:name', {
    summary: 'Remove a template; published versions keep their words',
    needs: 'sequences:write',
    params: z.object({ name: z.string().max(100) }),
    reply: z.object({ name: z.string() }),
    async run({ params }, scope) {
      await removeTemplate(scope, params.name);
      return { name: params.name };
    },
  }),
];
