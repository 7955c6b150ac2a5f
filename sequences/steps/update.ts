import { z } from 'zod';
import { defineStep, reach } from './step.ts';

const Value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const update = defineStep({
  kind: 'update',
  title: 'Change the lead',
  summary: 'Changes fields, tags, stage or owner of the lead.',
  settings: z
    .strictObject({
      set: z.record(z.string().min(1), Value).optional(),
      addTags: z.array(z.string().min(1)).optional(),
      removeTags: z.array(z.string().min(1)).optional(),
      stage: z.string().min(1).optional(),
      status: z.string().min(1).optional(),
      owner: z.string().min(1).optional(),
    })
    .refine((it) => Object.values(it).some((value) => value !== undefined), {
      message: 'Say what to change.',
    }),
  say: ({ set = {}, addTags = [], removeTags = [], stage, status, owner }) =>
    `Change the lead: ${[
      ...Object.entries(set).map(([field, value]) => `${field} = ${value}`),
      ...addTags.map((tag) => `tag ${tag}`),
      ...removeTags.map((tag) => `no tag ${tag}`),
      ...(stage ? [`stage ${stage}`] : []),
      ...(status ? [`status ${status}`] : []),
      ...(owner ? [`owner ${owner}`] : []),
    ].join(', ')}`,
  run: (_change, walk) => reach(walk),
});
