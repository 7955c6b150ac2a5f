import { invalidate } from '$app/navigation';
import type { Insight } from '#domain/insight.ts';
import { addressOf } from './address.ts';
import { post } from './api.ts';
import { tell, warn } from './toast.ts';

export type Severity = Insight['severity'];

export interface Insights {
  count: number;
  counts: Record<Severity, number>;
  insights: Insight[];
}

export const severities: Record<
  Severity,
  { label: string; tone: 'danger' | 'warn' | 'info'; order: number }
> = {
  critical: { label: 'Critical', tone: 'danger', order: 0 },
  warning: { label: 'Warning', tone: 'warn', order: 1 },
  info: { label: 'Info', tone: 'info', order: 2 },
};

export const kinds: Record<Insight['kind'], string> = {
  stalled: 'Stalled',
  high_value: 'Large and unlikely',
  closing_soon: 'Closes soon, quiet',
  long_cycle: 'Long in a stage',
  engagement_drop: 'Hears less from us',
  no_next_step: 'No next step',
  unassigned: 'Leads without owner',
  never_called: 'Leads never called',
};

/** What the one button of an insight says. */
export function verbOf(insight: Insight): string {
  if (insight.action_type === 'start_sequence') return 'Start follow-up';
  if (insight.action_type === 'assign') return `Assign ${insight.action_payload.leadIds.length}`;
  return { task: 'Add task', call: 'Plan call', meeting: 'Plan meeting', email: 'Plan email' }[
    insight.action_payload.kind
  ];
}

/** Where one sees what it is about: the deal, the lead, or the insight with all its leads. */
export function hrefOfInsight({ affected_entities: about, platforms, kind }: Insight): string {
  const [first] = about;
  if (about.length === 1 && first) return hrefOfEntity(first);
  return addressOf('/insights', { kind, source: platforms[0] });
}

export function hrefOfEntity({ type, id }: Insight['affected_entities'][number]): string {
  return addressOf(`/${type}s/${id}`, {});
}

interface Acted {
  did: string;
  taskId?: string;
  enrolmentId?: string;
}

/** Does what an insight proposes, says what was done, and offers to take it back where that is possible. */
export async function act(insight: Insight): Promise<void> {
  const path = `/insights/${encodeURIComponent(insight.anomaly_id)}`;
  const { done, problem } = await post<Acted>(`${path}/act`);
  if (problem) {
    warn(problem.title, problem.status === 0 ? () => act(insight) : undefined);
  } else if (done?.enrolmentId) {
    const { enrolmentId } = done;
    tell(done.did, async () => {
      const stopped = await post(`/enrolments/${enrolmentId}/stop`);
      if (stopped.problem) warn(stopped.problem.title);
      else await wake(path);
    });
  } else if (done?.taskId) {
    const { taskId } = done;
    tell(done.did, async () => {
      const closed = await post(`/tasks/${taskId}/done`);
      if (closed.problem) warn(closed.problem.title);
      else await wake(path);
    });
  } else {
    tell(done?.did ?? 'Done');
  }
  await invalidate('api:insights');
}

/** Puts it off until an instant; says what did not fit. */
export async function snooze(id: string, { until, reason }: { until: string; reason: string }) {
  const path = `/insights/${encodeURIComponent(id)}`;
  const { problem } = await post(`${path}/snooze`, { until, reason });
  if (problem) return problem;
  tell('Snoozed', () => wake(path));
  await invalidate('api:insights');
}

/** Eight in the morning of whoever looks, so many days from now. */
export function morningAfter(days: number, now = new Date()): string {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 8);
  return day.toISOString();
}

/** An insight that rests until now is there again. */
async function wake(path: string): Promise<void> {
  const until = new Date().toISOString();
  await post(`${path}/snooze`, { until, reason: 'Taken back' });
  await invalidate('api:insights');
}
