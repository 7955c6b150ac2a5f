import { asTime } from '#lib/format.ts';
import { post, type Problem } from '#lib/api.ts';
import type { Need } from '#lib/today.ts';

/** What has to be asked before something can leave the queue. */
export type Asked = 'until' | 'outcome' | 'owner';

/** How something leaves the queue: what is called, what is said then, and whether it can be put back. */
export interface Settlement {
  path: string;
  body: object;
  said: string;
  isUndoable: boolean;
}

export function ticking({ id, leadName }: Need): Settlement {
  const path = `/today/${encodeURIComponent(id)}/done`;
  return { path, body: {}, said: `${leadName}: done`, isUndoable: true };
}

/** By what was chosen; a call ends with how it went, and that word may start or stop what follows. */
export function settling(
  { id, leadId, leadName, taskId }: Need,
  asked: Asked,
  { id: chosen, label }: { id: string; label: string },
  now: Date,
): Settlement {
  if (asked === 'until') {
    const path = `/today/${encodeURIComponent(id)}/snooze`;
    const said = `${leadName}: back ${asTime(chosen, now)}`;
    return { path, body: { until: chosen }, said, isUndoable: true };
  }
  if (asked === 'outcome') {
    const body = chosen === 'called' ? { outcome: 'called' } : { tag: chosen };
    const said = `${leadName}: ${label || 'called'}`;
    return { path: `/tasks/${taskId}/done`, body, said, isUndoable: false };
  }
  const body = { ids: [leadId], action: 'assign', ownerId: chosen };
  return { path: '/leads/bulk', body, said: `${leadName} assigned to ${label}`, isUndoable: false };
}

/** Into the queue again: a task is taken up, anything else was put off until a moment that is over. */
export async function reopened({ id, taskId, at }: Need): Promise<Problem | undefined> {
  const { problem } = taskId
    ? await post(`/tasks/${taskId}/reopen`)
    : await post(`/today/${encodeURIComponent(id)}/snooze`, { until: at });
  return problem;
}
