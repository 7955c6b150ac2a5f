import { z } from 'zod';
import { Duration, sayDuration } from '#domain/sequence.ts';
import { defineStep, reach } from './step.ts';

const settings = z.strictObject({
  title: z.string().min(1).max(300),
  text: z.string().max(5000).optional(),
  to: z.string().min(1).default('owner'),
  due: Duration.optional(),
  pause: z.enum(['no', 'until-done']).default('no'),
  timeout: Duration.optional(),
});

export const task = defineStep({
  kind: 'task',
  title: 'Give someone a task',
  summary: 'Puts a task in front of a member, and may wait until it is done.',
  settings,
  say: (todo) => `Task for ${todo.to}: ${todo.title}${ending(todo)}`,
  run: (_todo, walk) => reach(walk),
});

export const call = defineStep({
  kind: 'call',
  title: 'Ask for a call',
  summary: 'Asks a member to call, and may wait until it is done.',
  settings,
  say: (todo) => `Call by ${todo.to}: ${todo.title}${ending(todo)}`,
  run: (_todo, walk) => reach(walk),
});

function ending({ due, pause, timeout }: z.output<typeof settings>): string {
  const by = due ? `, due in ${sayDuration(due)}` : '';
  if (pause === 'no') return by;
  return `${by}, and wait until it is done${timeout ? ` or ${sayDuration(timeout)} have passed` : ''}`;
}
