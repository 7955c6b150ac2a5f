import { expect, test } from 'vitest';
import type { Rule } from '#domain/rule.ts';
import { compileRules } from './compile.ts';
import { inForce } from './in-force.ts';

function rule(values: Partial<Rule> = {}): Rule {
  return {
    ...{ id: 'few_contacts', name: 'Few contacts', category: 'ENGAGEMENT', severity: 'WARNING' },
    ...{ description: 'Too few people.', message: 'Few', remediation_action: 'Add one' },
    ...{ remediation_owner: 'deal_owner', automatable: false, examples: [] },
    condition: { field: 'contactCount', operator: 'less_than', value: { threshold: 'needed' } },
    thresholds: { needed: { value: 2, unit: 'count', label: 'Needed', least: 1, most: 10 } },
    ...values,
  } as Rule;
}
const at = { now: '2026-03-16T12:00:00Z', timeZone: 'UTC' };
const nothing = { overrides: { workspace: {}, user: {} }, custom: [] };

test('what a person sets lies over what the workspace sets, field by field', () => {
  const { rules, overrides } = inForce([rule()], {
    overrides: {
      workspace: { few_contacts: { severity: 'INFO', thresholds: { needed: 4 } } },
      user: { few_contacts: { severity: 'CRITICAL' } },
    },
    custom: [],
  });
  const [violation] = compileRules(rules, overrides).run(
    { contactCount: 3, stageKind: 'open' },
    at,
  );
  expect(violation?.severity).toBe('CRITICAL');
});

test('a rule of a file wins over one that people gave its id', () => {
  const { rules } = inForce([rule()], { ...nothing, custom: [rule({ name: 'Theirs' })] });
  expect(rules.map(({ name }) => name)).toEqual(['Few contacts']);
});

test('a rule that no longer fits is left out and told, and the others run', () => {
  const broken = rule({
    ...{ id: 'old', thresholds: {} },
    condition: { field: 'gone', operator: 'is_empty' },
  });
  const { rules, overrides, problems } = inForce([rule()], { ...nothing, custom: [broken] });
  expect(problems).toEqual(['old is left out: gone is no fact. rules/facts.ts names them.']);
  expect(compileRules(rules, overrides).rules).toHaveLength(1);
});

test('thresholds that together make no sense are left out, and the rule stays on or off', () => {
  const between = rule({
    condition: {
      ...{ field: 'contactCount', operator: 'between' },
      value: [{ threshold: 'least' }, { threshold: 'most' }],
    },
    thresholds: {
      least: { value: 1, unit: 'count', label: 'Least' },
      most: { value: 2, unit: 'count', label: 'Most' },
    },
  });
  const { rules, overrides, problems } = inForce([between], {
    overrides: {
      workspace: { few_contacts: { enabled: true, thresholds: { least: 5 } } },
      user: {},
    },
    custom: [],
  });
  expect(problems).toHaveLength(1);
  expect(overrides['few_contacts']).toEqual({ enabled: true });
  expect(
    compileRules(rules, overrides).run({ contactCount: 2, stageKind: 'open' }, at),
  ).toHaveLength(1);
});
