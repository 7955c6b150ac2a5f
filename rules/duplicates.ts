import { DuplicateSettings } from '#domain/duplicate.ts';
import { readRules } from './read.ts';

/** The table of rules/duplicates.yaml. What is wrong in it is said with its line. */
export function loadDuplicates(file = new URL('duplicates.yaml', import.meta.url)) {
  return readRules(file, DuplicateSettings);
}
