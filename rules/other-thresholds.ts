import type { Rule, Threshold } from '#domain/rule.ts';
import { laidOver } from './compile.ts';
import { faultsOf } from './faults.ts';

export interface Variant {
  threshold: string;
  label: string;
  unit: Threshold['unit'];
  value: number;
  isCurrent: boolean;
  rule: Rule;
}

/** The rule with its first threshold about half lower, as it is, and about half higher; as far as each can be run. */
export function otherThresholds(rule: Rule): Variant[] {
  const [first] = Object.entries(rule.thresholds);
  if (!first) return [];
  const [threshold, { label, unit, value, least = -Infinity, most = Infinity }] = first;
  const lower = Math.min(rounded(value * 0.6), value - 1);
  const higher = Math.max(rounded(value * 1.6), value + 1);
  const wanted = [lower, value, higher];
  return wanted
    .filter((one) => one >= Math.max(0, least) && one <= most)
    .map((one) => {
      const changed = laidOver(rule, { thresholds: { [threshold]: one } });
      return { threshold, label, unit, value: one, isCurrent: one === value, rule: changed };
    })
    .filter(({ rule }) => faultsOf(rule).length === 0);
}

/** To two figures, and to whole ones. */
function rounded(value: number): number {
  if (Math.abs(value) < 100) return Math.round(value);
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
  return Math.round(value / unit) * unit;
}
