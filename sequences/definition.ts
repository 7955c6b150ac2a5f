import type { z } from 'zod';
import type { Fault } from '#domain/refusal.ts';
import { Definition, Step } from '#domain/sequence.ts';
import { placesOf } from './plan.ts';
import { isKnown, kindOf } from './steps/index.ts';

export type Parsed =
  { definition: Definition; faults?: never } | { definition?: never; faults: Fault[] };

const DEEPEST = 20;

/** Reads a definition from an API body, a form or a YAML file: with every default filled in, or all that is wrong with it and where. */
export function parseDefinition(input: unknown): Parsed {
  const { data, error } = Definition.safeParse(input);
  const faults = error ? faultsOf(error) : [];
  const given: unknown = Object(input)['steps'];
  const steps = Array.isArray(given) ? parseSteps(given, 'steps', faults, 0) : [];
  faults.push(...repeated(steps));
  if (!data || faults.length > 0) return { faults: unique(faults) };
  return { definition: { ...data, steps } };
}

function parseSteps(input: unknown[], path: string, faults: Fault[], depth: number): Step[] {
  if (depth > DEEPEST) {
    faults.push({ field: path, message: `Branches may be nested ${DEEPEST} deep.` });
    return [];
  }
  return input.flatMap((one, index) => parseStep(one, `${path}[${index}]`, faults, depth) ?? []);
}

function parseStep(input: unknown, path: string, faults: Fault[], depth: number): Step | undefined {
  const { data: step, error } = Step.safeParse(input);
  if (!step) {
    faults.push(...faultsOf(error, path));
    return undefined;
  }
  const { id, kind, ...rest } = step;
  if (!isKnown(kind)) {
    faults.push({ field: `${path}.kind`, message: `There is no step kind "${kind}".` });
    return step;
  }
  const { arms, settings } = kindOf(kind);
  const own = Object.fromEntries(Object.entries(rest).filter(([name]) => !arms.includes(name)));
  const parsed = settings.safeParse(own);
  if (parsed.error) faults.push(...faultsOf(parsed.error, path));
  const inside: Record<string, Step[]> = {};
  for (const name of arms) {
    const arm = rest[name] ?? [];
    if (Array.isArray(arm)) inside[name] = parseSteps(arm, `${path}.${name}`, faults, depth + 1);
    else faults.push({ field: `${path}.${name}`, message: 'An arm is a list of steps.' });
  }
  return { id, kind, ...(parsed.data as object), ...inside };
}

/** The place of a fault in the words of the document: steps[2].then[0].text. */
function faultsOf(error: z.ZodError, under = ''): Fault[] {
  return error.issues.map(({ path, message }) => ({ field: fieldOf(under, path), message }));
}

function fieldOf(under: string, path: PropertyKey[]): string {
  return path.reduce<string>((field, part) => {
    if (typeof part === 'number') return `${field}[${part}]`;
    return field ? `${field}.${String(part)}` : String(part);
  }, under);
}

function repeated(steps: Step[]): Fault[] {
  const seen = new Set<string>();
  return placesOf(steps).flatMap(({ step, path }) => {
    if (!seen.has(step.id)) {
      seen.add(step.id);
      return [];
    }
    return [{ field: `${path}.id`, message: `Another step is called "${step.id}" already.` }];
  });
}

function unique(faults: Fault[]): Fault[] {
  return [...new Map(faults.map((fault) => [`${fault.field} ${fault.message}`, fault])).values()];
}
