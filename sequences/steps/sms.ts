import { z } from 'zod';
import { defineStep, reach } from './step.ts';

export const sms = defineStep({
  kind: 'sms',
  title: 'Send a text message',
  summary: 'Texts the person between 8 and 20 of their clock, once.',
  channel: 'sms',
  settings: z
    .strictObject({
      template: z.string().min(1).optional(),
      text: z.string().min(1).max(10_000).optional(),
    })
    .refine(({ template, text }) => template ?? text, {
      message: 'Choose a template, or write the text.',
    }),
  say: ({ template, text = '' }) =>
    template ? `Text “${template}”` : `Text “${text.length > 60 ? `${text.slice(0, 59)}…` : text}”`,
  run: (_text, walk) => reach(walk),
});
