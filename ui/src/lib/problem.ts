import type { Problem } from './api.ts';

/** Why something was refused, in one go; what is said twice is said once. */
export function whyNot({ title, errors }: Problem): string {
  return [...new Set([title, ...errors.map(({ message }) => message)])].join(' ');
}
