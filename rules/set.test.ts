import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect } from 'vitest';
import { currentRules, keptRules, loadRules } from './set.ts';

const rule = `id: large
name: Large
category: FORECASTING
severity: INFO
description: It is large.
condition: { field: amountCents, operator: greater_than, value: 100 }
message: Large
remediation_action: Nothing
remediation_owner: manager
`;

const test = base.extend<{ folder: string }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'rules-'));
    mkdirSync(join(folder, 'forecasting'));
    await use(folder);
    rmSync(folder, { recursive: true });
  },
});

function write(folder: string, text: string, name = 'forecasting/large.yaml'): void {
  writeFileSync(join(folder, name), text);
}

test('the rules of the house load, and their digest is that of their files', ({ folder }) => {
  const here = loadRules();
  expect(here.problems).toEqual([]);
  expect(currentRules().digest).toBe(here.digest);
  cpSync(join(import.meta.dirname, 'forecasting'), join(folder, 'forecasting'), {
    recursive: true,
  });
  const some = loadRules(folder);
  expect(some.rules).toEqual(here.rules.filter(({ category }) => category === 'FORECASTING'));
  write(folder, rule);
  expect(loadRules(folder).digest).not.toBe(some.digest);
});

test('a mistake is told with its file, its line and the reason', ({ folder }) => {
  write(folder, rule.replace('amountCents', 'amount').replace('INFO', 'LOW'));
  expect(() => loadRules(folder)).toThrow(/^rules\/forecasting\/large\.yaml:4: severity: .*INFO/);
  write(folder, rule.replace('amountCents', 'amount'));
  expect(() => loadRules(folder)).toThrow(
    'rules/forecasting/large.yaml:6: condition.field: amount is no fact',
  );
});

test('mistakes of several files are told at once', ({ folder }) => {
  write(folder, rule.replace('INFO', 'LOW'));
  write(folder, '- [', 'forecasting/other.yaml');
  expect(() => loadRules(folder)).toThrow(/large\.yaml:4: .*\nrules\/forecasting\/other\.yaml:1: /);
});

test('a rule stands in the file and the folder that are called like it', ({ folder }) => {
  write(folder, rule, 'forecasting/other.yaml');
  expect(() => loadRules(folder)).toThrow('the file of large is large.yaml');
  rmSync(join(folder, 'forecasting/other.yaml'));
  mkdirSync(join(folder, 'engagement'));
  write(folder, rule, 'engagement/large.yaml');
  expect(() => loadRules(folder)).toThrow('what is in this folder is ENGAGEMENT');
});

test('an edited rule counts without a restart', ({ folder }) => {
  let now = 0;
  write(folder, rule);
  const rules = keptRules(folder, 2000, () => now);
  const before = rules();
  expect(before.rules[0]!.name).toBe('Large');
  write(folder, rule.replace('name: Large', 'name: Very large'));
  // Files are looked after at most once in two seconds.
  now = 1999;
  expect(rules()).toBe(before);
  now = 2000;
  const after = rules();
  expect(after.rules[0]!.name).toBe('Very large');
  expect(after.digest).not.toBe(before.digest);
  write(folder, rule.replace('id: large', 'id: small'), 'forecasting/small.yaml');
  now = 4000;
  expect(rules().rules.map(({ id }) => id)).toEqual(['large', 'small']);
});

test('while a file has a mistake the rules before it go on and the mistake is told', ({
  folder,
}) => {
  let now = 0;
  write(folder, rule);
  const rules = keptRules(folder, 2000, () => now);
  const before = rules();
  write(folder, rule.replace('severity: INFO', 'severity: TERRIBLE'));
  now = 2000;
  const during = rules();
  expect(during).toEqual({
    ...before,
    problems: [expect.stringMatching(/^rules\/forecasting\/large\.yaml:4: severity: /)],
  });
  now = 4000;
  expect(rules()).toBe(during);
  write(folder, `${rule}# mended\n`);
  now = 6000;
  expect(rules().problems).toEqual([]);
});

test('without any good set the first mistake is an error', ({ folder }) => {
  write(folder, 'id: 1');
  expect(keptRules(folder)).toThrow('large.yaml:1');
});
