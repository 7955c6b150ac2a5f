import { z } from 'zod';
import { ForecastSettings } from './forecast.ts';
import { HistorySettings } from './history-forecast.ts';

/** A figure of the forecast, its name on the page and how it is made. */
export const Formula = z.strictObject({
  name: z.string().min(1),
  title: z.string().min(1),
  text: z.string().min(1),
});
export type Formula = z.infer<typeof Formula>;

/** The file rules/forecast.yaml: what the figures are made with, and the words that say so. */
export const ForecastRules = z.strictObject({
  settings: ForecastSettings,
  formulas: z.array(Formula).min(1),
  history: HistorySettings,
});
export type ForecastRules = z.infer<typeof ForecastRules>;

/** The formulas with their numbers filled in. A number that there is not is an error. */
export function formulasOf({ settings, history, formulas }: ForecastRules): Formula[] {
  const numbers: Record<string, unknown> = { ...settings, ...history };
  return formulas.map((formula) => ({ ...formula, text: filled(formula, numbers) }));
}

function filled({ name, text }: Formula, numbers: Record<string, unknown>): string {
  return text.replace(/\{(\w+)\}/g, (_, key: string) => {
    const number = numbers[key];
    if (typeof number !== 'number') throw new Error(`The formula ${name} asks for ${key}.`);
    return number.toLocaleString('en-US');
  });
}
