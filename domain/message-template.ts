import { z } from 'zod';

/** Words that several steps share: a text message has no subject. */
export const Template = z
  .object({
    name: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'Use small letters, digits and dashes.'),
    channel: z.enum(['email', 'sms']),
    subject: z.string().trim().min(1).max(998).nullable().default(null),
    body: z.string().min(1).max(100_000),
  })
  .refine(({ channel, subject }) => channel === 'sms' || subject, {
    message: 'An email needs a subject.',
    path: ['subject'],
  });
export type Template = z.infer<typeof Template>;
