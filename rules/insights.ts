import { InsightSettings } from '#domain/insight-settings.ts';
import { readRules } from './read.ts';

/** The table of rules/insights.yaml. What is wrong in it is said with its line. */
export function loadInsights(file = new URL('insights.yaml', import.meta.url)): InsightSettings {
  return readRules(file, InsightSettings);
}
