import type { Threshold } from '#domain/rule.ts';
import type { Fact } from '#lib/rule-condition.ts';

/** What every part of the form of a rule needs to know. */
export interface Form {
  facts: Fact[];
  stages: { slug: string; name: string }[];
  currency: string;
  readonly: boolean;
  thresholds: Record<string, Threshold>;
  /** Sets a threshold, or takes it out. */
  setThreshold: (name: string, threshold: Threshold | undefined) => void;
}

/** Small controls of a row: names stand in `aria-label`. */
export const small =
  'min-h-[26px] w-full min-w-0 rounded-control border border-control bg-surface px-2 outline-none focus-visible:border-accent focus-visible:shadow-focus disabled:border-border disabled:bg-sunken disabled:text-ink-2 phone:min-h-11';
