import type { Rule, RuleOverride } from '#domain/rule.ts';
import { laidOver, laidTogether, type Overrides } from './compile.ts';
import { faultsOf } from './faults.ts';

/** What a workspace and one of its people say, as db/rule-overrides.ts reads it. */
export interface OwnRules {
  overrides: { workspace: Overrides; user: Overrides };
  custom: Rule[];
}

export interface InForce {
  /** Those of the files and those that people wrote, as they are written; a file's rule wins over one of its id. */
  rules: Rule[];
  /** To be laid over them: the workspace's, and over it a person's. Give both to `compileRules`. */
  overrides: Overrides;
  /** What was left out because it could not be run, in words. */
  problems: string[];
}

/**
 * The rules that hold for a workspace or one of its people. What no longer fits, because a file or a fact was changed
 * since, is left out and told: one rule never keeps the others from running.
 */
export function inForce(files: readonly Rule[], own: OwnRules): InForce {
  const problems: string[] = [];
  const taken = new Set(files.map(({ id }) => id));
  const custom = own.custom.flatMap((rule) => {
    if (taken.has(rule.id)) return [];
    const [fault] = faultsOf(rule);
    if (fault) problems.push(`${rule.id} is left out: ${fault.message}`);
    return fault ? [] : [rule];
  });
  const rules = [...files, ...custom];
  const overrides = laidTogether(own.overrides.workspace, own.overrides.user);
  for (const rule of rules) {
    const override = Object.hasOwn(overrides, rule.id) ? overrides[rule.id] : undefined;
    const [fault] = override ? faultsOf(laidOver(rule, override)) : [];
    if (!fault) continue;
    problems.push(`What is set otherwise of ${rule.id} is left out: ${fault.message}`);
    overrides[rule.id] = onlySwitch(override!);
  }
  return { rules, overrides, problems };
}

/** Whether a rule is on cannot make it wrong. */
function onlySwitch({ enabled }: RuleOverride): RuleOverride {
  return enabled === undefined ? {} : { enabled };
}
