import { expect, test } from 'vitest';
import { loadForecast } from './forecast.ts';

test('the formulas of the forecast say their numbers', () => {
  const { formulas, settings } = loadForecast();
  const said = Object.fromEntries(formulas.map(({ name, text }) => [name, text]));
  expect(said.weighted).toBe('won + Σ amount × probability');
  expect(said.worst).toBe('won + 50 % of Σ amount × probability');
  expect(said.best).toContain(`at ${settings.bestFrom} % or more`);
  expect(Object.values(said).join()).not.toMatch(/[{}]/);
});
