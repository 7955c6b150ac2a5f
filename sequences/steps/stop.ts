import { z } from 'zod';
import { EndReason } from '#domain/enrolment.ts';
import { defineStep, Left } from './step.ts';

export const stop = defineStep({
  kind: 'stop',
  title: 'Stop here',
  summary: 'Ends the sequence for this person.',
  settings: z.strictObject({ reason: EndReason.optional() }),
  say: ({ reason }) => (reason ? `Stop here: ${reason}` : 'Stop here'),
  run({ reason }) {
    throw new Left(reason ? { status: 'stopped', reason } : { status: 'completed' });
  },
});
