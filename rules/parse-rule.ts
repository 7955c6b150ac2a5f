import { Document, isMap, visit } from 'yaml';
import type { z } from 'zod';
import { Rule } from '#domain/rule.ts';
import { compileRules } from './compile.ts';
import { faultsOf } from './faults.ts';
import { readText } from './read.ts';

/** Something wrong in the text of a rule: the line it stands in, where in the rule, and why. */
export interface TextFault {
  line: number;
  path: string;
  message: string;
}

/** A text a person wrote, as a rule that can be run, or everything that is wrong with it. */
export function parseRule(text: string): { rule: Rule } | { faults: TextFault[] } {
  if (text.length > LONGEST)
    return {
      faults: [{ line: 1, path: '', message: `A rule has at most ${LONGEST} characters.` }],
    };
  const { faults, value, lineOf } = readText(text);
  if (faults.length > 0) return { faults: faults.map((fault) => ({ ...fault, path: '' })) };
  if (isTooDeep(value))
    return { faults: [{ line: 1, path: 'condition', message: `Nested deeper than ${DEEPEST}.` }] };
  const read = Rule.safeParse(value);
  if (!read.success) {
    const issues = read.error.issues.flatMap((issue) => nearest(issue));
    return {
      faults: issues.map(({ path, message }) => {
        return { line: lineOf(path), path: path.join('.'), message };
      }),
    };
  }
  const wrong = faultsOf(read.data);
  if (wrong.length === 0) return { rule: read.data };
  return {
    faults: wrong.map(({ path, message }) => {
      return {
        line: lineOf(path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part))),
        path,
        message,
      };
    }),
  };
}

/** A rule as YAML, its keys in the order of the house, one line for each test and example. */
export function writeRule(rule: Rule): string {
  const { thresholds, examples, automatable, ...rest } = rule;
  const whole: Record<string, unknown> = {
    ...{ ...rest, automatable },
    ...(Object.keys(thresholds).length > 0 && { thresholds }),
    ...(examples.length > 0 && { examples }),
  };
  const document = new Document();
  document.contents = document.createNode(
    Object.fromEntries(
      order.filter((key) => whole[key] !== undefined).map((key) => [key, whole[key]]),
    ),
  ) as never;
  visit(document, {
    Map(_, node) {
      const isShort = ['field', 'unit', 'kind', 'threshold'].some((key) => node.has(key));
      if (isShort) node.flow = true;
    },
    Seq(_, node) {
      if (node.items.every((one) => !isMap(one) || one.has('threshold'))) node.flow = true;
    },
    Pair(_, { key, value }) {
      if (isMap(value) && String(key) === 'facts') value.flow = true;
    },
  });
  return document.toString({ lineWidth: 100, singleQuote: true });
}

/** When the examples of a rule happen that say no other time: a Monday at noon, in UTC. */
export const exampleTime = '2026-03-16T12:00:00Z';

export interface Tried {
  passed: number;
  failed: { title: string; expected: boolean; got: boolean }[];
}

/** Runs a rule over its own examples. */
export function tryExamples(rule: Rule): Tried {
  const { run } = compileRules([rule]);
  const failed = rule.examples.flatMap(({ title, facts, fires: expected, now, time_zone }) => {
    const at = { now: now ?? exampleTime, timeZone: time_zone ?? 'UTC' };
    const got = run(facts, at).length > 0;
    return got === expected ? [] : [{ title, expected, got }];
  });
  return { passed: rule.examples.length - failed.length, failed };
}

const LONGEST = 20_000;
const DEEPEST = 40;

function isTooDeep(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth >= DEEPEST || Object.values(value).some((one) => isTooDeep(one, depth + 1));
}

const order = [
  ...['id', 'name', 'category', 'severity', 'description', 'applies_to_stages', 'condition'],
  ...['thresholds', 'message', 'remediation_action', 'remediation_owner', 'automatable', 'fix'],
  'examples',
];

interface Issue {
  path: PropertyKey[];
  message: string;
}

/** Of the forms a condition may have, what the one that was most likely meant says. */
function nearest(issue: z.core.$ZodIssue, above: PropertyKey[] = []): Issue[] {
  const path = [...above, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0)
    return [{ path, message: issue.message }];
  const forms = issue.errors.map((form) => form.flatMap((one) => nearest(one, path)));
  return forms.toSorted((a, b) => a.length - b.length || depth(b) - depth(a))[0]!;
}

function depth(issues: Issue[]): number {
  return Math.max(...issues.map(({ path }) => path.length));
}
