import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Rule } from '#domain/rule.ts';
import { parseRule } from './parse-rule.ts';

export interface RuleSet {
  /** In the order of their categories, by id. */
  rules: Rule[];
  /** Changes with any file. */
  digest: string;
  /** What is wrong with the files as they are now, while an earlier state of them goes on; each with file and line. */
  problems: string[];
}

const here = fileURLToPath(new URL('.', import.meta.url));

/** Every rule of rules/<category>/<id>.yaml. Throws what is wrong, as `rules/<file>:<line>: <why>`, a line for each. */
export function loadRules(folder = here): RuleSet {
  const problems: string[] = [];
  const hash = createHash('sha256');
  const rules = filesOf(folder).flatMap(({ category, id, path, name }) => {
    const text = readFileSync(path, 'utf8');
    hash.update(`${name}\n${text}\n`);
    const read = parseRule(text);
    if ('faults' in read) {
      for (const { line, path, message } of read.faults)
        problems.push(`rules/${name}:${line}: ${path && `${path}: `}${message}`);
      return [];
    }
    const { rule } = read;
    if (rule.id !== id)
      problems.push(`rules/${name}:1: id: the file of ${rule.id} is ${rule.id}.yaml`);
    if (rule.category !== category)
      problems.push(`rules/${name}:1: category: what is in this folder is ${category}`);
    return [rule];
  });
  const twice = rules.find(({ id }, at) => rules.findIndex((other) => other.id === id) < at);
  if (twice) problems.push(`rules: there are two rules called ${twice.id}`);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return { rules, digest: hash.digest('hex'), problems: [] };
}

/**
 * The rules as their files are now: looked after at most once in two seconds, read again when a file changed. While
 * a file has a mistake the set before it goes on, and `problems` tells. Throws only if there never was a good one.
 */
export const currentRules: () => RuleSet = keptRules();

/** The same for any folder, `every` so many milliseconds. */
export function keptRules(
  folder = here,
  every = 2000,
  clock = () => performance.now(),
): () => RuleSet {
  let kept: RuleSet | undefined;
  let seen = '';
  let lookedAt = -Infinity;
  return () => {
    if (kept && clock() - lookedAt < every) return kept;
    lookedAt = clock();
    const looks = looksOf(folder);
    if (kept && looks === seen) return kept;
    seen = looks;
    try {
      kept = loadRules(folder);
    } catch (error) {
      if (!kept) throw error;
      kept = { ...kept, problems: (error as Error).message.split('\n') };
    }
    return kept;
  };
}

const folders = {
  'data-quality': 'DATA_QUALITY',
  'sales-hygiene': 'SALES_HYGIENE',
  forecasting: 'FORECASTING',
  progression: 'PROGRESSION',
  engagement: 'ENGAGEMENT',
  compliance: 'COMPLIANCE',
} as const;

function filesOf(folder: string) {
  return Object.entries(folders).flatMap(([name, category]) => {
    const inside = readdirSync(folder).includes(name) ? readdirSync(join(folder, name)) : [];
    return inside
      .filter((file) => file.endsWith('.yaml'))
      .toSorted()
      .map((file) => {
        const path = join(folder, name, file);
        return { category, id: file.slice(0, -'.yaml'.length), path, name: `${name}/${file}` };
      });
  });
}

function looksOf(folder: string): string {
  return filesOf(folder)
    .map(({ path, name }) => {
      const { mtimeMs, size } = statSync(path);
      return `${name} ${mtimeMs} ${size}`;
    })
    .join('\n');
}
