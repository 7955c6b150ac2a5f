import { ForecastRules } from '#domain/forecast-rules.ts';
import { readRules } from './read.ts';

/** The table of rules/forecast.yaml. What is wrong in it is said with its line. */
export function loadForecast(file = new URL('forecast.yaml', import.meta.url)): ForecastRules {
  return readRules(file, ForecastRules);
}
