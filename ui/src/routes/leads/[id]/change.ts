import { invalidate } from '$app/navigation';
import { del, keep, type Outcome, patch, post, type Problem } from '#lib/api.ts';
import { type Difference, differencesOf, nested, type Values, valuesOf } from '#lib/conflict.ts';
import type { LeadPage } from '#lib/lead.ts';
import { tell, warn } from '#lib/toast.ts';

const labels: Record<string, string> = {
  ...{ status: 'Status', ownerId: 'Owner', 'contact.firstName': 'First name' },
  ...{ 'contact.lastName': 'Last name', 'contact.email': 'Email', 'contact.phone': 'Mobile' },
};

/** What came of saving: the lead as it is now, what somebody else changed too, or why it cannot be. */
export type Saved =
  { lead: LeadPage } | { differences: Difference[]; theirs: LeadPage } | { problem: Problem };

/**
 * Saves fields of the lead that was `seen`; `base` is what they were when the change began. Whatever else was changed
 * meanwhile stays, and only a field that both changed is handed back. How
 * a contact stands is asked first: the API compares no field of it.
 */
export async function saveLead(
  seen: LeadPage,
  mine: Values,
  base: Values = valuesOf(seen, Object.keys(mine)),
): Promise<Saved> {
  const ofContact = Object.keys(mine).some((field) => field.startsWith('contact.'));
  const first = ofContact ? undefined : await send(seen, mine);
  if (first && !('problem' in first && first.problem.status === 409)) return first;
  const { value, problem } = await keep<{ lead: LeadPage }>(fetch, `/leads/${seen.id}`);
  if (problem || !value) return { problem: problem ?? nothing };
  const { lead: theirs } = value;
  if (first && theirs.updatedAt === seen.updatedAt) return first;
  const all = { base, mine, theirs: valuesOf(theirs, Object.keys(mine)) };
  const differences = differencesOf(all, labels);
  return differences.length > 0 ? { differences, theirs } : send(theirs, mine);
}

const nothing: Problem = { status: 0, title: 'The lead could not be loaded.', errors: [] };

async function send({ id, updatedAt }: LeadPage, mine: Values): Promise<Saved> {
  const change = { ...nested(mine), updatedAt };
  const { done, problem } = await patch<{ lead: LeadPage }>(`/leads/${id}`, change);
  return problem ? { problem } : { lead: done.lead };
}

export async function addTag(id: string, slug: string): Promise<boolean> {
  return settled(await post(`/leads/${id}/tags`, { slug }), `Tagged ${slug}`);
}

export async function removeTag(id: string, slug: string): Promise<boolean> {
  return settled(await del(`/leads/${id}/tags/${slug}`), `${slug} removed`, () =>
    post(`/leads/${id}/tags`, { slug }),
  );
}

export async function enrol(id: string, sequenceId: string, name: string): Promise<boolean> {
  const outcome = await post<{ items: { refused?: string }[] }>(
    `/sequences/${sequenceId}/enrolments`,
    { leadIds: [id] },
  );
  const refused = outcome.done?.items[0]?.refused;
  if (refused) return failed({ status: 409, title: refused, errors: [] });
  return settled(outcome, `Enrolled in ${name}`);
}

const pastTense = { pause: 'paused', resume: 'resumed', stop: 'stopped', retry: 'tried again' };

export async function steer(
  enrolment: { id: string; sequence: string },
  command: keyof typeof pastTense,
  how: Record<string, unknown> = {},
): Promise<boolean> {
  const outcome = await post(`/enrolments/${enrolment.id}/${command}`, how);
  return settled(outcome, `${enrolment.sequence} ${pastTense[command]}`);
}

function settled(outcome: Outcome<unknown>, said: string, undo?: () => Promise<unknown>): boolean {
  if (outcome.problem) return failed(outcome.problem);
  tell(
    said,
    undo &&
      (async () => {
        await undo();
        await invalidate('api:leads');
      }),
  );
  void invalidate('api:leads');
  return true;
}

export function failed(problem: Problem): false {
  warn([problem.title, ...problem.errors.map(({ message }) => message)].join(' '));
  return false;
}
