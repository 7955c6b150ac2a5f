import { sql } from 'kysely';
import { plus } from '#domain/calendar.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Definition, Duration, Step } from '#domain/sequence.ts';
import { changed } from './changes.ts';
import { historiesOf, refusalOf } from './entry-refusals.ts';
import { peopleOf, type Person } from './facts.ts';
import { startLater } from './outbox.ts';
import { insertRows } from './rows.ts';
import type { Scope } from './scope.ts';
import { definitionOf } from './sequences.ts';

/** Above this a second person would have to agree; until then it is refused. */
export const MOST_AT_ONCE = 500;

/** What became of one lead that was to enter. */
export interface Entered {
  leadId: string;
  enrolmentId?: string;
  refused?: string;
}

interface How {
  enteredBy: string;
  /** What let them in; told again, it lets nobody in again. */
  trigger?: (leadId: string) => string;
}

interface Live {
  id: string;
  name: string;
  class: string;
  liveId: string;
  liveVersion: number;
}

/** Lets leads into a sequence, by hand: at most 500 at once, and says for each what became of it. */
export async function enrol(
  scope: Scope,
  { sequenceId, leadIds, ...how }: { sequenceId: string; leadIds: string[] } & How,
): Promise<Entered[]> {
  if (leadIds.length > MOST_AT_ONCE)
    throw new Refusal('invalid', `At most ${MOST_AT_ONCE} people can be enrolled at once.`, [
      { field: 'leadIds', message: `Give at most ${MOST_AT_ONCE}.` },
    ]);
  const sequence = await liveSequence(scope, sequenceId);
  return enter(scope, sequence, [...new Set(leadIds)], how);
}

/** Lets leads into every live sequence that waits for this to happen. */
export async function enrolMatching(
  scope: Scope,
  leads: { leadId: string; times?: number }[],
  on: { tag: string } | { event: string },
): Promise<Entered[]> {
  if (leads.length === 0) return [];
  const { rows: sequences } = await sql<Live>`
    select id, name, class, live_id, live_version from sequences
    where entry->'on' = ${JSON.stringify(on)}::jsonb and live_id is not null
      and paused_at is null and archived_at is null
    order by id`.execute(scope.db);
  const what = 'tag' in on ? `tag:${on.tag}` : `event:${on.event}`;
  const times = new Map(leads.map((lead) => [lead.leadId, lead.times ?? 1]));
  const entered: Entered[] = [];
  for (const sequence of sequences) {
    entered.push(
      ...(await enter(scope, sequence, [...times.keys()], {
        enteredBy: what,
        trigger: (leadId) => `${what}:${times.get(leadId)}`,
      })),
    );
  }
  return entered;
}

async function liveSequence({ db }: Scope, id: string): Promise<Live> {
  const sequence = await db
    .selectFrom('sequences')
    .select(['id', 'name', 'class', 'liveId', 'liveVersion', 'pausedAt', 'archivedAt'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!sequence) throw new Refusal('not-found', 'There is no such sequence.');
  const { liveId, liveVersion, pausedAt, archivedAt, ...rest } = sequence;
  if (!liveId || !liveVersion)
    throw new Refusal('conflict', 'This sequence has not been published yet.');
  if (archivedAt) throw new Refusal('conflict', 'This sequence is archived.');
  if (pausedAt) throw new Refusal('conflict', 'This sequence is paused.');
  return { ...rest, liveId, liveVersion };
}

async function enter(
  scope: Scope,
  sequence: Live,
  leadIds: string[],
  how: How,
): Promise<Entered[]> {
  const definition = await definitionOf(scope, sequence.liveId);
  const people = await peopleOf(scope, leadIds);
  const histories = await historiesOf(scope, sequence, leadIds);
  const now = new Date().toISOString();
  const refusals = new Map<string, string>();
  for (const leadId of leadIds) {
    const refused = refusalOf(people.get(leadId), histories.get(leadId), {
      ...{ sequence, definition, now },
      trigger: how.trigger?.(leadId),
    });
    if (refused) refusals.set(leadId, refused);
  }
  const welcome = leadIds.filter((leadId) => !refusals.has(leadId));
  const ids = await insert(scope, sequence, welcome, { people, how, now });
  await begin(scope, { sequence, definition, ids, people, now });
  return leadIds.map((leadId) => {
    const enrolmentId = ids.get(leadId);
    if (enrolmentId) return { leadId, enrolmentId };
    return { leadId, refused: refusals.get(leadId) ?? 'Already in this sequence.' };
  });
}

type People = Map<string, Omit<Person, 'sender' | 'enrolment'>>;

async function insert(
  scope: Scope,
  { id, liveId, liveVersion }: Live,
  leadIds: string[],
  { people, how, now }: { people: People; how: How; now: string },
): Promise<Map<string, string>> {
  const rows = leadIds.map((leadId) => ({
    ...{ workspaceId: scope.workspaceId, sequenceId: id, versionId: liveId, version: liveVersion },
    ...{ leadId, contactId: people.get(leadId)!.contact.id, enrolledAt: now },
    ...{ enteredBy: how.enteredBy, trigger: how.trigger?.(leadId) ?? null },
  }));
  const inserted = await insertRows(scope, 'enrolments', rows, ['id', 'leadId']);
  return new Map(inserted.map((row) => [row.leadId, row.id]));
}

interface Beginning {
  sequence: Live;
  definition: Definition;
  ids: Map<string, string>;
  people: People;
  now: string;
}

/** Their workflows, a line on each lead, and the tasks that are already certain. */
async function begin(scope: Scope, beginning: Beginning): Promise<void> {
  const { sequence, definition, ids, people, now } = beginning;
  if (ids.size === 0) return;
  const { workspaceId, actor } = scope;
  const all = [...ids];
  await startLater(
    scope,
    ...all.map(([leadId, enrolmentId]) => ({
      workflow: 'enrolment',
      workflowId: `enrolment:${enrolmentId}`,
      input: [{ workspaceId, enrolmentId, versionId: sequence.liveId, leadId, enrolledAt: now }],
    })),
  );
  await insertRows(
    scope,
    'activities',
    all.map(([leadId, enrolmentId]) => ({
      ...{ workspaceId, leadId, actor, kind: 'enrolled', key: `enrolled:${enrolmentId}` },
      title: `Entered ${sequence.name}, version ${sequence.liveVersion}`,
      data: { enrolmentId, sequenceId: sequence.id },
    })),
    ['id'],
  );
  const certain = tasksOf(definition.steps);
  await insertRows(
    scope,
    'tasks',
    all.flatMap(([leadId, enrolmentId]) =>
      certain.map(({ step, visit, after }) => {
        const zone = people.get(leadId)!.workspace.timeZone;
        return {
          ...{ workspaceId, leadId, enrolmentId, stepId: step.id, visit, kind: step.kind },
          ...{ title: String(step['title']), because: `${sequence.name}, step ${step.id}` },
          assigneeId: people.get(leadId)!.lead.ownerId,
          dueAt: after.reduce((at, duration) => plus(at, duration, zone), now),
        };
      }),
    ) as never,
    ['id'],
  );
  changed(scope, 'enrolments', 'leads', 'today');
}

/** The tasks and calls before anything can still change their date: no branch and no event lies before them. */
function tasksOf(steps: Step[]): { step: Step; visit: number; after: Duration[] }[] {
  const certain: { step: Step; visit: number; after: Duration[] }[] = [];
  const after: Duration[] = [];
  for (const [visit, step] of steps.entries()) {
    if (step.kind === 'task' || step.kind === 'call') {
      const due = step['due'] as Duration | undefined;
      certain.push({ step, visit, after: [...after, ...(due ? [due] : [])] });
      if (step['pause'] === 'until-done') break;
    } else if (step.kind === 'wait') {
      if (!step['for']) break;
      after.push(step['for'] as Duration);
    } else if (['branch', 'wait-for', 'stop'].includes(step.kind)) break;
  }
  return certain;
}
