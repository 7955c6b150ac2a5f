import type { Rule, RuleCondition } from '#domain/rule.ts';
import { parseRule, type TextFault } from './parse-rule.ts';

/** What people may write at most, so that a rule of theirs runs as fast as one of ours. */
const most = { nesting: 40, depth: 6, comparisons: 50, list: 100, examples: 50, thresholds: 20 };

/** A rule that a person wrote, or everything that is wrong with it, with its lines. Never throws, whatever the text. */
export function parseOwnRule(text: string): { rule: Rule } | { faults: TextFault[] } {
  const line = tooDeep(text);
  if (line)
    return { faults: [{ line, path: '', message: 'This is nested too deeply to be read.' }] };
  const read = readSafely(text);
  if ('faults' in read) return read;
  const faults = tooMuch(read.rule).map((fault) => ({ ...fault, line: lineOf(text, fault.path) }));
  return faults.length > 0 ? { faults } : read;
}

/** The parser of YAML gives up by throwing where aliases multiply. */
function readSafely(text: string): ReturnType<typeof parseRule> {
  try {
    return parseRule(text);
  } catch (error) {
    return {
      faults: [{ line: 1, path: '', message: `This cannot be read: ${(error as Error).message}` }],
    };
  }
}

function tooMuch({ condition, examples, thresholds }: Rule): { path: string; message: string }[] {
  const { depth, comparisons } = sizeOf(condition);
  const limits = [
    ['condition', depth, most.depth, 'Conditions are nested at most {} deep.'],
    ['condition', comparisons, most.comparisons, 'A rule compares at most {} times.'],
    ['examples', examples.length, most.examples, 'A rule has at most {} examples.'],
    [
      'thresholds',
      Object.keys(thresholds).length,
      most.thresholds,
      'A rule has at most {} thresholds.',
    ],
  ] as const;
  return limits
    .filter(([, is, limit]) => is > limit)
    .map(([path, , limit, message]) => ({ path, message: message.replace('{}', String(limit)) }));
}

function sizeOf(condition: RuleCondition): { depth: number; comparisons: number } {
  if ('field' in condition) return { depth: 1, comparisons: 1 };
  const parts =
    'not' in condition
      ? [condition.not]
      : 'all_of' in condition
        ? condition.all_of
        : condition.any_of;
  const sizes = parts.map(sizeOf);
  return {
    depth: 1 + Math.max(...sizes.map(({ depth }) => depth)),
    comparisons: sizes.reduce((sum, { comparisons }) => sum + comparisons, 0),
  };
}

/** The line that goes deeper than any rule does, by brackets, by dashes or by its indentation; 0 for none. */
function tooDeep(text: string): number {
  let open = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const inset = /^[ \t-]*/.exec(line)![0].length;
    for (const sign of line) {
      if (sign === '{' || sign === '[') open += 1;
      if (sign === '}' || sign === ']') open = Math.max(0, open - 1);
      if (open > most.nesting) return index + 1;
    }
    if (inset > most.nesting * 2) return index + 1;
  }
  return 0;
}

function lineOf(text: string, path: string): number {
  return text.split('\n').findIndex((line) => line.startsWith(`${path}:`)) + 1 || 1;
}
