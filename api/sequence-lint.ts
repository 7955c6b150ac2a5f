import type { Scope } from '#db/scope.ts';
import { listTemplates, namedThings } from '#db/templates.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Definition, Step } from '#domain/sequence.ts';
import { parseDefinition } from '#sequences/definition.ts';
import { lint, type Problem, type Templates } from '#sequences/lint.ts';
import { armOf, placesOf } from '#sequences/plan.ts';
import { kindOf } from '#sequences/steps/index.ts';

/** Every problem of a draft: what the sequence itself gives away, and what it names that does not exist here. */
export async function lintHere(scope: Scope, draft: unknown): Promise<Problem[]> {
  const problems = lint(draft, await templatesOf(scope));
  const { definition } = parseDefinition(draft);
  return definition ? [...problems, ...(await lintNames(scope, definition))] : problems;
}

/** The definition as it will be walked: parsed, every default filled in, and its templates' words written out. */
export async function ready(scope: Scope, draft: unknown): Promise<Definition> {
  const errors = (await lintHere(scope, draft)).filter(({ severity }) => severity === 'error');
  const { definition } = parseDefinition(draft);
  if (errors.length > 0 || !definition)
    throw new Refusal(
      'invalid',
      'This sequence cannot be published yet.',
      errors.map(({ field, message }) => ({ field, message })),
    );
  const templates = await templatesOf(scope);
  return { ...definition, steps: written(definition.steps, templates) };
}

/** The same steps with the words of the templates that they name. */
export function written(steps: Step[], templates: Templates): Step[] {
  return steps.map((step) => {
    const words = templates.get(String(step['template']));
    const full = { ...step, ...words } as Step;
    for (const name of kindOf(step.kind).arms) full[name] = written(armOf(step, name), templates);
    return full;
  });
}

export async function templatesOf(scope: Scope): Promise<Templates> {
  const templates = await listTemplates(scope);
  return new Map(
    templates.map(({ name, channel, subject, body }) => [
      name,
      channel === 'sms' ? { text: body } : { subject: subject ?? '', body },
    ]),
  );
}

async function lintNames(scope: Scope, definition: Definition): Promise<Problem[]> {
  const named = await namedThings(scope);
  const { on } = definition.entry;
  const problems: Problem[] = [];
  if (typeof on === 'object' && 'tag' in on && !named.tags.has(on.tag))
    problems.push(warn('unknown-tag', `There is no tag “${on.tag}” yet.`, 'entry.on.tag'));
  if (typeof on === 'object' && 'sequence' in on && !named.sequences.has(on.sequence))
    problems.push(warn('unknown-sequence', 'There is no such sequence.', 'entry.on.sequence'));
  for (const from of [definition.from].flat())
    if (from !== 'owner' && !named.senders.has(from))
      problems.push(error('unknown-sender', `There is no sender “${from}”.`, 'from'));
  for (const { step, path } of placesOf(definition.steps)) {
    for (const tag of [step['addTags'] ?? []].flat() as string[])
      if (!named.tags.has(tag))
        problems.push({
          ...error('unknown-tag', `There is no tag “${tag}”.`, `${path}.addTags`),
          stepId: step.id,
        });
    const to = (step['to'] ?? step['owner'] ?? 'owner') as string;
    if (to !== 'owner' && !named.members.has(to))
      problems.push({
        ...warn('unknown-member', `“${to}” is nobody here; the owner is asked.`, `${path}.to`),
        stepId: step.id,
      });
  }
  return problems;
}

function error(code: string, message: string, field: string): Problem {
  return { severity: 'error', code, message, field };
}

function warn(code: string, message: string, field: string): Problem {
  return { severity: 'warning', code, message, field };
}
