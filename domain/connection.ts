import { z } from 'zod';

/** One outside system as a workspace uses it. What is secret is never part of it. */
export const Connection = z.object({
  id: z.uuid(),
  source: z.string(),
  name: z.string(),
  settings: z.record(z.string(), z.unknown()),
  active: z.boolean(),
  lastEventAt: z.iso.datetime().nullable(),
  lastProblem: z.string().nullable(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
});
export type Connection = z.infer<typeof Connection>;
