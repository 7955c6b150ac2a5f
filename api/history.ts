import { type Client, ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import type { HistoryEvent } from '#domain/history.ts';

type Event = NonNullable<
  Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>['events']
>[number];
type Told = { state: 'there' | 'away'; items: HistoryEvent[] };

/** Temporal's own events of a workflow, readable; `none` when it has none (expired, or not begun). */
export function historyOf(temporal: Client, workflowId: string): Promise<Told | 'none'> {
  return temporal.workflow
    .getHandle(workflowId)
    .fetchHistory()
    .then(
      ({ events }): Told => ({ state: 'there', items: (events ?? []).map(readable) }),
      (error: unknown) => {
        if (error instanceof WorkflowNotFoundError || isUnknown(error)) return 'none';
        return { state: 'away', items: [] };
      },
    );
}

function isUnknown(error: unknown): boolean {
  return error instanceof ServiceError && /not ?found/i.test(String(error.cause ?? error.message));
}

function readable(event: Event): HistoryEvent {
  const seconds = Number(event.eventTime?.seconds ?? 0);
  const at = new Date(seconds * 1000 + Math.floor((event.eventTime?.nanos ?? 0) / 1e6));
  const entry = Object.entries(event).find(
    ([name, value]) => name.endsWith('EventAttributes') && value,
  );
  const kind = (entry?.[0] ?? 'event').replace(/EventAttributes$/, '');
  const title = kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const detail = detailOf((entry?.[1] ?? {}) as Record<string, unknown>);
  return {
    id: Number(event.eventId ?? 0),
    at: seconds ? at.toISOString() : null,
    ...{ kind, title: title[0]!.toUpperCase() + title.slice(1), detail },
  };
}

/** What an event is about: an activity, a signal, how long a timer runs, why something failed. */
function detailOf(attributes: Record<string, unknown>): string {
  const { activityType, signalName, startToFireTimeout, markerName, failure, acceptedRequest } =
    attributes as {
      activityType?: { name?: string };
      signalName?: string;
      startToFireTimeout?: { seconds?: unknown };
      markerName?: string;
      failure?: { message?: string };
      acceptedRequest?: { input?: { name?: string } };
    };
  const seconds = Number(startToFireTimeout?.seconds ?? 0);
  return [
    activityType?.name,
    signalName,
    acceptedRequest?.input?.name,
    markerName,
    seconds ? `for ${seconds} s` : undefined,
    failure?.message,
  ]
    .filter(Boolean)
    .join(' · ');
}
