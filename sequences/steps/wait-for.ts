import { z } from 'zod';
import { Condition } from '#domain/condition.ts';
import { Duration, sayDuration } from '#domain/sequence.ts';
import { roughly } from './arithmetic.ts';
import { defineStep } from './step.ts';

const settings = z
  .strictObject({
    event: z.string().min(1).max(200).optional(),
    if: Condition.optional(),
    timeout: Duration,
  })
  .refine((it) => (it.event === undefined) !== (it.if === undefined), {
    message: 'Give an event, or a condition.',
  });
type WaitFor = z.output<typeof settings>;

export const waitFor = defineStep({
  kind: 'wait-for',
  title: 'Wait for something to happen',
  summary: 'Waits until something happens or time runs out, and goes on differently.',
  settings,
  arms: ['then', 'else'],
  say: ({ event, timeout }) =>
    `Wait for ${event ?? 'a condition'}, at most ${sayDuration(timeout)}`,
  async run(step, walk) {
    const until = roughly(step.timeout, walk.now());
    if (step.event) return (await walk.hear(step.event, until, why(step))) ? 'then' : 'else';
    // Weighed now, and again whenever something happens to the person.
    for (;;) {
      if ((await walk.choose()) === 'then') return 'then';
      if (!(await walk.hear(undefined, until, why(step)))) return walk.choose();
    }
  },
});

function why({ event, timeout }: WaitFor): string {
  return `waits for ${event ?? 'a condition'}, at most ${sayDuration(timeout)}`;
}
