import { z } from 'zod';
import { defineStep, reach } from './step.ts';

export const notify = defineStep({
  kind: 'notify',
  title: 'Tell someone',
  summary: 'Tells a member inside the product.',
  settings: z.strictObject({
    to: z.string().min(1).default('owner'),
    text: z.string().min(1).max(2000),
  }),
  say: ({ to, text }) => `Tell ${to}: ${text}`,
  run: (_note, walk) => reach(walk),
});
