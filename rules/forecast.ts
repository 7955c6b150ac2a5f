import { z } from 'zod';
import { ForecastSettings } from '#domain/forecast.ts';
import { HistorySettings } from '#domain/history-forecast.ts';
import { readRules } from './read.ts';

const Formula = z.strictObject({
  name: z.string().min(1),
  title: z.string().min(1),
  text: z.string().min(1),
});
export type Formula = z.infer<typeof Formula>;

/** The file rules/forecast.yaml: what the figures are made with, and the words that say so. */
const ForecastRules = z.strictObject({
  settings: ForecastSettings,
  formulas: z.array(Formula).min(1),
  history: HistorySettings,
});
export type ForecastRules = z.infer<typeof ForecastRules>;

/** Reads the file; its formulas with their numbers filled in. A number that a formula lacks is an error. */
export function loadForecast(file = new URL('forecast.yaml', import.meta.url)): ForecastRules {
  const rules = readRules(file, ForecastRules);
  const numbers: Record<string, unknown> = { ...rules.settings, ...rules.history };
  const formulas = rules.formulas.map((one) => ({ ...one, text: filled(one, numbers) }));
  return { ...rules, formulas };
}

function filled({ name, text }: Formula, numbers: Record<string, unknown>): string {
  return text.replace(/\{(\w+)\}/g, (_, key: string) => {
    const number = numbers[key];
    if (typeof number !== 'number') throw new Error(`The formula ${name} asks for ${key}.`);
    return number.toLocaleString('en-US');
  });
}
