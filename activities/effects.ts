import { blockTouch, forgetBlock } from '#db/claims.ts';
import { decide } from '#db/decisions.ts';
import { meetGoals } from '#db/goals.ts';
import { notifyMember, setFields, taskOfStep } from '#db/effects.ts';
import { changeLead } from '#db/lead-changes.ts';
import { tryOut } from '#db/race.ts';
import type { Scope } from '#db/scope.ts';
import { applyTags, removeTag } from '#db/tags.ts';
import { noteRest, type Walk } from '#db/walks.ts';
import { plus } from '#domain/calendar.ts';
import type { LeadStatus } from '#domain/lead.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Duration } from '#domain/sequence.ts';
import type { StepOfWalk, TouchAnswer } from '#domain/touch.ts';
import { renderMessage } from '#sequences/render.ts';
import { contextOf } from './person.ts';

/** Carries out a step that sends nothing: all in the transaction that found it allowed, and once. */
export async function carryOutStep(scope: Scope, walk: Walk, at: StepOfWalk): Promise<TouchAnswer> {
  const answer = await carryOut(scope, walk, at);
  if (walk.touch && answer.is !== 'blocked') await forgetBlock(scope, walk.touch.id);
  return answer;
}

async function carryOut(scope: Scope, walk: Walk, at: StepOfWalk): Promise<TouchAnswer> {
  switch (walk.step.kind) {
    case 'task':
    case 'call':
      return giveTask(scope, walk, at);
    case 'notify':
      return tell(scope, walk, at);
    case 'update':
      return update(scope, walk, at);
    default:
      return block(scope, walk, at, {
        reason: 'unknown-kind',
        because: `There is no step kind “${walk.step.kind}” in this version of the product.`,
      });
  }
}

/** A step that waits for its task answers until when; the walk hears when it is done. */
async function giveTask(scope: Scope, walk: Walk, at: StepOfWalk): Promise<TouchAnswer> {
  const { step, person } = walk;
  const title = words(walk, String(step['title']));
  if (typeof title !== 'string') return block(scope, walk, at, title);
  const text = step['text'] ? words(walk, String(step['text'])) : null;
  if (text !== null && typeof text !== 'string') return block(scope, walk, at, text);
  const zone = person.contact.timeZone ?? person.workspace.timeZone;
  const due = step['due'] as Duration | undefined;
  const { id, doneAt } = await taskOfStep(scope, walk, at, {
    ...{ kind: step.kind as 'task' | 'call', title, text },
    dueAt: due ? plus(at.since, due, zone) : at.since,
    assigneeId: recipientOf(walk),
  });
  const because = `${step.kind === 'call' ? 'Call' : 'Task'} for ${walk.owner?.name ?? 'the owner'}: ${title}`;
  if (step['pause'] !== 'until-done' || doneAt) {
    await decide(scope, at, { rule: 'task', outcome: 'done', because, inputs: { taskId: id } });
    return { is: 'done', because };
  }
  const timeout = step['timeout'] as Duration | undefined;
  const until = timeout ? plus(at.since, timeout, zone) : undefined;
  const waits = `Waits until it is done: ${title}`;
  await noteRest(scope, at, {
    until: until ?? null,
    because: waits,
    rule: 'task',
    outcome: 'waiting',
  });
  return { is: 'waiting', because: waits, ...(until && { until }) };
}

async function tell(scope: Scope, walk: Walk, at: StepOfWalk): Promise<TouchAnswer> {
  const title = words(walk, String(walk.step['text']));
  if (typeof title !== 'string') return block(scope, walk, at, title);
  const because = `Told ${walk.owner?.name ?? 'nobody: the lead has no owner'}`;
  const userId = recipientOf(walk);
  if (userId)
    await notifyMember(scope, {
      ...{ userId, kind: 'sequence', title, leadId: walk.enrolment.leadId },
      ...{
        href: `/leads/${walk.enrolment.leadId}`,
        key: `step:${at.enrolmentId}:${at.stepId}:${at.visit}`,
      },
    });
  await decide(scope, at, { rule: 'notify', outcome: 'done', because, inputs: {} });
  return { is: 'done', because };
}

async function update(scope: Scope, walk: Walk, at: StepOfWalk): Promise<TouchAnswer> {
  const {
    set,
    addTags = [],
    removeTags = [],
    stage,
    status,
    owner,
  } = walk.step as unknown as Change;
  const because = `Changed ${[...Object.keys(set ?? {}), ...addTags, ...removeTags, stage, status, owner].filter(Boolean).join(', ')}`;
  const { leadId, contactId } = walk.enrolment;
  const change = {
    ...(stage && { stage }),
    ...(status && { status: status as LeadStatus }),
    ...(owner && { ownerId: owner }),
  };
  // What is refused is undone with its decision, so that it can be tried again.
  const tried = await tryOut(scope, async () => {
    const inputs = { set: set ?? {} };
    const isFirst = await decide(scope, at, { rule: 'update', outcome: 'done', because, inputs });
    if (!isFirst) return;
    if (set) {
      await setFields(scope, { leadId, contactId }, set);
      await meetGoals(scope, [leadId]);
    }
    const tags = addTags.map((slug) => ({ leadId, slug }));
    await applyTags(scope, tags);
    for (const slug of removeTags) await removeTag(scope, leadId, slug);
    if (Object.keys(change).length > 0) await changeLead(scope, leadId, change);
  });
  if (tried.is === 'done') return { is: 'done', because };
  if (!(tried.error instanceof Refusal)) throw tried.error;
  return block(scope, walk, at, { reason: 'refused', because: tried.error.message });
}

interface Change {
  set?: Record<string, string | number | boolean | null>;
  addTags?: string[];
  removeTags?: string[];
  stage?: string;
  status?: string;
  owner?: string;
}

function words(walk: Walk, text: string): string | { reason: string; because: string } {
  const rendered = renderMessage({ text }, contextOf(walk, undefined, ''));
  if ('missing' in rendered)
    return { reason: 'missing-variable', because: `${rendered.missing} is missing for this lead.` };
  if ('broken' in rendered)
    return {
      reason: 'template-error',
      because: `The text cannot be filled in: ${rendered.broken}`,
    };
  return rendered.text;
}

function recipientOf({ step, person }: Walk): string | null {
  return !step['to'] || step['to'] === 'owner' ? person.lead.ownerId : String(step['to']);
}

async function block(
  scope: Scope,
  walk: Walk,
  at: StepOfWalk,
  { reason, because }: { reason: string; because: string },
): Promise<TouchAnswer> {
  const choice = { rule: reason, because, inputs: {} };
  await blockTouch(scope, walk, at, { choice, channel: walk.step.kind, reason });
  return { is: 'blocked', because };
}
