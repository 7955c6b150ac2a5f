import { z } from 'zod';
import { applyLink, classifyLink } from '#db/links.ts';
import { route } from './route.ts';

export const linkRoutes = [
  route('post', '/links/classify', {
    summary: 'Say what a pasted address leads to, and put it where it belongs if a record is named',
    needs: 'leads:write',
    body: z.object({
      url: z.string().trim().min(1).max(2000),
      apply: z.object({ record: z.enum(['lead', 'contact', 'company']), id: z.uuid() }).optional(),
    }),
    reply: z.object({
      link: z.enum(['contact-linkedin', 'company-linkedin', 'maps-place', 'website']),
      record: z.enum(['contact', 'company']),
      field: z.enum(['linkedin', 'mapsUrl', 'website']),
      /** The record that has it now; nothing when none was named. */
      appliedTo: z.uuid().nullable(),
    }),
    run: async ({ body: { url, apply } }, scope) => ({
      ...classifyLink(url),
      appliedTo: apply ? await applyLink(scope, url, apply) : null,
    }),
  }),
];
