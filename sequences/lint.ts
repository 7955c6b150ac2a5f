import { nextAllowed, smsHours } from '#domain/calendar.ts';
import type { Condition } from '#domain/condition.ts';
import { type Definition, type Duration, type Step, unitOf } from '#domain/sequence.ts';
import { isKnownVariable } from '#domain/template.ts';
import { contradicts } from './contradiction.ts';
import { parseDefinition } from './definition.ts';
import { lintPressure } from './lint-pressure.ts';
import { armOf, type Placed, placesOf } from './plan.ts';
import { variablesOf } from './render.ts';
import { segmentsOf } from './segments.ts';

/** Something wrong with a sequence: an error keeps it from being published, a warning does not. */
export interface Problem {
  severity: 'error' | 'warning';
  code: string;
  message: string;
  /** Where: `steps[2].then[0].text`. */
  field: string;
  stepId?: string;
}

/** The words of the workspace's templates by their name, where the caller knows them. */
export type Templates = ReadonlyMap<string, { subject?: string; body?: string; text?: string }>;

/** Every problem of a definition as somebody wrote it, each with its step. Nothing is sent or stored. */
export function lint(input: unknown, templates?: Templates): Problem[] {
  const { definition, faults } = parseDefinition(input);
  if (faults)
    return faults.map(({ field, message }) => ({
      ...{ severity: 'error' as const, code: 'invalid', message, field },
      ...stepAt(input, field),
    }));
  return [
    ...placesOf(definition.steps).flatMap((place) => lintStep(place, templates)),
    ...lintReach(definition.steps, 'steps', []),
    ...lintPressure(definition.steps),
    ...lintWindow(definition),
  ];
}

function lintStep({ step, path }: Placed, templates?: Templates): Problem[] {
  const found: Problem[] = [];
  const name = step['template'] as string | undefined;
  const template = name === undefined ? undefined : templates?.get(name);
  if (name !== undefined && templates && !template)
    found.push(error('template-missing', `There is no template "${name}".`, at('template')));

  const words = { ...step, ...template } as Record<string, unknown>;
  for (const part of ['subject', 'body', 'text', 'title']) {
    const text = words[part];
    if (typeof text === 'string') found.push(...lintWords(text, at(name ? 'template' : part)));
  }
  if (step.kind === 'sms' && typeof words['text'] === 'string') {
    const segments = segmentsOf(roughLength(words['text']));
    if (segments > MOST)
      found.push(error('too-long', `About ${segments} SMS; at most ${MOST} are sent.`, at('text')));
  }
  if (step.kind === 'email' && step['unsubscribe'] === false && !offersLeave(words['body']))
    found.push(
      error('no-unsubscribe', 'Nobody could unsubscribe from this email.', at('unsubscribe')),
    );
  for (const part of ['for', 'timeout'])
    if (isOverAYear(step[part] as Duration | undefined))
      found.push(error('too-long-wait', 'This waits longer than a year.', at(part)));
  if (step['if'] !== undefined) found.push(...lintCondition(step['if'] as Condition, at('if')));
  return found;

  function at(part: string): { field: string; stepId: string } {
    return { field: `${path}.${part}`, stepId: step.id };
  }
}

const MOST = 10;

function lintWords(text: string, at: { field: string; stepId: string }): Problem[] {
  const used = variablesOf(text);
  if ('broken' in used) return [error('template-error', used.broken, at)];
  return used.all
    .filter((variable) => !isKnownVariable(variable))
    .map((variable) => error('unknown-variable', `There is no variable "${variable}".`, at));
}

function lintCondition(condition: Condition, at: { field: string; stepId: string }): Problem[] {
  return fieldsOf(condition)
    .filter((field) => !isKnownVariable(field))
    .map((field) => ({
      ...{ severity: 'warning' as const, code: 'unknown-field', ...at },
      message: `Nothing is known under "${field}", so no test of it but emptiness holds.`,
    }));
}

/** Arms that no lead can take, and steps that no walk can come to. */
function lintReach(steps: Step[], path: string, known: Known[]): Problem[] {
  const found: Problem[] = [];
  let over: string | undefined;
  for (const [index, step] of steps.entries()) {
    const place = `${path}[${index}]`;
    const at = { field: place, stepId: step.id };
    if (over) {
      found.push(error('unreachable', `No walk comes here: it ends at "${over}".`, at));
      break;
    }
    const condition = step.kind === 'branch' ? (step['if'] as Condition) : undefined;
    for (const arm of ['then', 'else']) {
      const inside = condition ? [...known, { condition, held: arm === 'then' }] : known;
      const taken = armOf(step, arm);
      if (condition && taken.length > 0 && contradicts(inside))
        found.push(
          error('never-taken', 'No lead can take this branch.', {
            ...{ field: `${place}.${arm}`, stepId: step.id },
          }),
        );
      else found.push(...lintReach(taken, `${place}.${arm}`, inside));
    }
    if (ends(step)) over = step.id;
  }
  return found;
}

interface Known {
  condition: Condition;
  held: boolean;
}

/** A step after which nothing comes: a stop, or a branch that stops either way. */
function ends(step: Step): boolean {
  if (step.kind === 'stop') return true;
  if (step.kind !== 'branch' && step.kind !== 'wait-for') return false;
  return ['then', 'else'].every((name) => armOf(step, name).some(ends));
}

/** The send window and the hours of texting may leave no moment that both allow. */
function lintWindow({ schedule, steps }: Definition): Problem[] {
  const named = !['recipient', 'sender', 'workspace'].includes(schedule.zone);
  const zone = named ? schedule.zone : 'America/New_York';
  const texts = placesOf(steps).filter(({ step }) => step.kind === 'sms');
  const { days, from, to, hours } = schedule;
  const own = { days, from, to, zone, ...(hours && { hours }) };
  const windows = [own, smsHours(zone)];
  if (texts.length === 0 || nextAllowed('2026-01-05T00:00:00.000Z', windows)) return [];
  return texts.map(({ step, path }) =>
    error('no-window', 'The schedule leaves no time between 08:00 and 20:00 for a text.', {
      ...{ field: path, stepId: step.id },
    }),
  );
}

function fieldsOf(condition: Condition): string[] {
  if ('all_of' in condition) return condition.all_of.flatMap(fieldsOf);
  if ('any_of' in condition) return condition.any_of.flatMap(fieldsOf);
  return 'not' in condition ? fieldsOf(condition.not) : [condition.field];
}

function isOverAYear(duration: Duration | undefined): boolean {
  if (!duration) return false;
  const { unit, amount } = unitOf(duration);
  const perYear = { seconds: 31_622_400, minutes: 527_040, hours: 8784, days: 366 };
  return amount > (unit === 'businessDays' ? 262 : perYear[unit]);
}

/** A variable is as long as most names are; tags say nothing. */
function roughLength(text: string): string {
  return text.replace(/\{%[^%]*%\}/g, '').replace(/\{\{[^}]*\}\}/g, 'twelve chars');
}

function offersLeave(body: unknown): boolean {
  return typeof body === 'string' && body.includes('enrolment.unsubscribeUrl');
}

/** The step a field of the document belongs to, as far as it can be followed. */
function stepAt(input: unknown, field: string): { stepId?: string } {
  let here: unknown = input;
  let stepId: string | undefined;
  for (const part of field.match(/[^.[\]]+/g) ?? []) {
    here = Object(here)[part];
    const { id, kind } = Object(here) as { id?: unknown; kind?: unknown };
    if (typeof id === 'string' && kind !== undefined) stepId = id;
  }
  return stepId === undefined ? {} : { stepId };
}

function error(code: string, message: string, at: { field: string; stepId: string }): Problem {
  return { severity: 'error', code, message, ...at };
}
