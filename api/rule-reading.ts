import { stringify } from 'yaml';
import { z } from 'zod';
import { type Fault, Refusal } from '#domain/refusal.ts';
import type { Rule, RuleOverride } from '#domain/rule.ts';
import { laidOver } from '#rules/compile.ts';
import { faultsOf } from '#rules/faults.ts';
import { parseOwnRule } from '#rules/own-rule.ts';
import { type TextFault, writeRule } from '#rules/parse-rule.ts';

/** A rule as it is written: its YAML, or the same as an object. */
export const Written = z.object({
  text: z.string().max(20_000).optional(),
  rule: z.record(z.string(), z.unknown()).optional(),
});
export type Written = z.infer<typeof Written>;

export const TextFaults = z.array(
  z.object({ line: z.int(), path: z.string(), message: z.string() }),
);

/** The YAML of what was written; nothing when neither was given. */
export function textOf({ text, rule }: Written): string | undefined {
  if (text !== undefined || !rule) return text;
  const plain = stringify(rule);
  const read = parseOwnRule(plain);
  return 'rule' in read ? writeRule(read.rule) : plain;
}

/** The rule that was written; every mistake is named with its line. */
export function ruleIn(written: Written): { rule: Rule; text: string } {
  const text = textOf(written);
  if (text === undefined)
    throw wrong([{ line: 1, path: '', message: 'Give a rule as text or rule.' }]);
  const read = parseOwnRule(text);
  if ('faults' in read) throw wrong(read.faults);
  return { rule: read.rule, text };
}

/** A rule that cannot be read, said with the line of everything that is wrong. */
export function wrong(faults: TextFault[]): Refusal {
  const [first] = faults;
  const told = faults.map(({ line, path, message }): Fault & { line: number } => {
    return { field: path || 'text', message: `Line ${line}: ${message}`, line };
  });
  return new Refusal('malformed', `Line ${first!.line}: ${first!.message}`, told);
}

/** The rule as an override makes it; refuses thresholds it does not have and values it could not run with. */
export function overridden(rule: Rule, override: RuleOverride): Rule {
  const faults: Fault[] = [];
  for (const [name, value] of Object.entries(override.thresholds ?? {})) {
    const field = `thresholds.${name}`;
    const known = Object.hasOwn(rule.thresholds, name) ? rule.thresholds[name] : undefined;
    if (!known) {
      faults.push({ field, message: `This rule has no threshold ${name}.` });
      continue;
    }
    const { least = -Infinity, most = Infinity } = known;
    if (value < least || value > most)
      faults.push({ field, message: `${value} is not from ${least} to ${most}.` });
  }
  const changed = laidOver(rule, override);
  if (faults.length === 0)
    faults.push(...faultsOf(changed).map(({ path, message }) => ({ field: path, message })));
  if (faults.length > 0) throw new Refusal('invalid', faults[0]!.message, faults);
  return changed;
}
