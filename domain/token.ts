import { z } from 'zod';
import { tokenScopes } from './permissions.ts';

/** What a system carries to call the API; the token itself is shown once and kept as a hash. */
export const Token = z.object({
  id: z.uuid(),
  name: z.string(),
  scopes: z.array(z.enum(tokenScopes)),
  hint: z.string(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
  expiresAt: z.iso.datetime().nullable(),
});
export type Token = z.infer<typeof Token>;

export const NewToken = z.object({
  name: z.string().trim().min(1, 'Give it a name.').max(100),
  scopes: z
    .array(z.enum(tokenScopes))
    .min(1, 'Choose what it may do.')
    .transform((all) => [...new Set(all)]),
  expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
});
export type NewToken = z.infer<typeof NewToken>;
