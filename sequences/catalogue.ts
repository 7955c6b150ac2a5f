import { z } from 'zod';
import type { Step } from '#domain/sequence.ts';
import { kinds, kindOf } from './steps/index.ts';

/** Every kind with the schema its form is drawn from, as JSON Schema of what may be given. */
export function stepKinds() {
  return kinds.map(({ kind, title, summary, arms, channel, settings }) => ({
    ...{ kind, title, summary, arms: [...arms] },
    ...(channel && { channel }),
    settings: z.toJSONSchema(settings, { io: 'input' }),
  }));
}

/** One sentence about a step, for the person who reads the sequence. */
export function summarize(step: Step): string {
  return kindOf(step.kind).say(step);
}
