import { RiskSettings } from '#domain/risk-settings.ts';
import { readRules } from './read.ts';

/** The table of rules/risk.yaml. What is wrong in it is said with its line. */
export function loadRisk(file = new URL('risk.yaml', import.meta.url)): RiskSettings {
  return readRules(file, RiskSettings);
}
