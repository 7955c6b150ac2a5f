import { invalidate } from '$app/navigation';
import { del, type Outcome, patch, post, type Problem } from '#lib/api.ts';
import { tell, warn } from '#lib/toast.ts';

/** Saves part of a lead; says so, with a way back to what it was. */
export async function changeLead(
  id: string,
  change: Record<string, unknown>,
  before: Record<string, unknown>,
  said: string,
): Promise<boolean> {
  const { problem } = await patch(`/leads/${id}`, change);
  if (problem) return failed(problem);
  tell(said, async () => {
    const { problem } = await patch(`/leads/${id}`, before);
    if (problem) failed(problem);
    await invalidate('api:leads');
  });
  return true;
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

function failed(problem: Problem): false {
  warn([problem.title, ...problem.errors.map(({ message }) => message)].join(' '));
  return false;
}
