import { expect, test } from 'vitest';
import { formulasOf } from '#domain/forecast-rules.ts';
import { loadForecast } from './forecast.ts';

test('the formulas of the forecast say their numbers', () => {
  const rules = loadForecast();
  const said = Object.fromEntries(formulasOf(rules).map(({ name, text }) => [name, text]));
  expect(said.weighted).toBe('won + Σ amount × probability');
  expect(said.worst).toBe('won + 50% of Σ amount × probability');
  expect(said.best).toContain(`at ${rules.settings.bestFrom}% or more`);
  expect(Object.values(said).join()).not.toMatch(/[{}]/);
  const formulas = [{ name: 'odd', title: 'Odd', text: '{nothing}' }];
  expect(() => formulasOf({ ...rules, formulas })).toThrow('The formula odd asks for nothing.');
});
