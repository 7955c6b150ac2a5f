import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import * as form from './rule-form.ts';

const risk = parse(readFileSync('rules/risk.yaml', 'utf8')) as form.Settings;
const insights = parse(readFileSync('rules/insights.yaml', 'utf8')) as form.Settings;
const rules = form.riskSections.flatMap(({ rules }) => rules);

function ruleOf(name: string) {
  return rules.find(({ section, field }) => `${section}.${field}` === name)!;
}

function namesIn(settings: form.Settings, ...without: string[]): string[] {
  return Object.entries(settings)
    .flatMap(([section, fields]) => Object.keys(fields).map((field) => `${section}.${field}`))
    .filter((name) => !without.includes(name))
    .sort();
}

test('every number that deals are judged by and every threshold of an insight has a field', () => {
  const shown = [form.riskSections, form.insightSections].map((sections) =>
    sections.flatMap(({ rules }) => rules.map(({ section, field }) => `${section}.${field}`)),
  );
  expect(shown[0]!.sort()).toEqual(namesIn({ ...risk, health: {} }));
  expect(shown[1]!.sort()).toEqual(namesIn(insights, 'action.followUpSequenceId'));
});

test('what a field shows goes back to the very number it came from', () => {
  for (const rule of rules) {
    const number = form.numberIn(risk, rule);
    expect(form.valueOf(rule, form.shownOf(rule, number))).toBe(number);
  }
  expect(form.shownOf({ as: 'percent' }, 0.4)).toBe(40);
  expect(form.valueOf({ as: 'money' }, '60000')).toBe(60_000_00);
  expect(form.valueOf({ as: 'days' }, '')).toBeUndefined();
});

test('only what differs is sent', () => {
  expect(form.differencesFrom(risk, structuredClone(risk))).toEqual({});
  const draft = form.withNumber(risk, ruleOf('decay.days'), 10);
  expect(form.differencesFrom(risk, draft)).toEqual({ decay: { days: 10 } });
  expect(form.differencesFrom(insights, { action: { followUpSequenceId: 'x' } })).toEqual({
    action: { followUpSequenceId: 'x' },
  });
});

test('the weights come to a hundred percent', () => {
  expect(form.weightIn(risk)).toBe(100);
  expect(form.weightIn(form.withNumber(risk, ruleOf('decay.weight'), 0.45))).toBe(105);
});
