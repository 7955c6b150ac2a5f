import { type Selectable, sql, type Updateable } from 'kysely';
import { type LeadChange, leadStages, leadStatusOf, openStatuses } from '#domain/lead.ts';
import { invalid, Refusal } from '#domain/refusal.ts';
import { notifyOwners } from './assignment.ts';
import { changed } from './changes.ts';
import { changeContact } from './contact-changes.ts';
import { meetGoals } from './goals.ts';
import { leaveSequences } from './lead-entry.ts';
import { refuseUnknown } from './named.ts';
import { insertRows } from './rows.ts';
import type { Leads } from './schema.ts';
import type { Scope } from './scope.ts';
import { lockContacts } from './standing.ts';

type Row = Selectable<Leads>;

/**
 * Changes a lead as a person asked. Who looked at an older state is refused and shown both; qualified needs a next
 * action with its date; a contact has one open lead.
 */
export async function changeLead(scope: Scope, id: string, change: LeadChange): Promise<void> {
  // In the order of a touch: the person, then the lead.
  await lockContacts(scope, { leadId: id });
  const before = await lockLead(scope, id);
  refuseStale(before, change);
  const after = await valuesOf(scope, before, change);
  await scope.db
    .updateTable('leads')
    .set({ ...after, updatedAt: sql`now()`, lastActivityAt: sql`now()` })
    .where('id', '=', id)
    .execute();
  if (change.contact) await changeContact(scope, before.contactId, change.contact);
  await tell(scope, before, after);
  await meetGoals(scope, [id]);
  changed(scope, 'leads', 'today');
}

export async function addNote(scope: Scope, leadId: string, text: string): Promise<void> {
  await lockLead(scope, leadId);
  const { db, workspaceId, actor } = scope;
  const line = { kind: 'note', title: 'Note', body: text };
  await db
    .insertInto('activities')
    .values({ workspaceId, actor, leadId, ...line })
    .execute();
  await db
    .updateTable('leads')
    .set({ updatedAt: sql`now()`, lastActivityAt: sql`now()` })
    .where('id', '=', leadId)
    .execute();
  changed(scope, 'leads');
}

export async function lockLead({ db }: Scope, id: string): Promise<Row> {
  const lead = await db
    .selectFrom('leads')
    .selectAll()
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!lead) throw new Refusal('not-found', 'There is no such lead.');
  return lead;
}

/** Somebody else was faster: both values are shown, unless they are the same. */
function refuseStale(before: Row, change: LeadChange): void {
  if (!change.updatedAt || Date.parse(change.updatedAt) === Date.parse(before.updatedAt)) return;
  const faults = Object.entries(change)
    .filter(([field]) => field !== 'updatedAt' && field !== 'contact')
    .filter(([field, value]) => value !== (before[field as keyof Row] ?? null))
    .map(([field, value]) => ({
      field,
      message: `It is ${shown(before[field as keyof Row])} by now; you wanted ${shown(value)}.`,
    }));
  if (faults.length === 0) return;
  throw new Refusal('conflict', 'Somebody else has changed this lead meanwhile.', faults);
}

function shown(value: unknown): string {
  return value === null || value === undefined || value === '' ? 'empty' : `“${String(value)}”`;
}

async function valuesOf(
  scope: Scope,
  before: Row,
  { contact: _, updatedAt: __, status, stage, ...plain }: LeadChange,
): Promise<Updateable<Leads>> {
  const after: Updateable<Leads> = { ...plain };
  if (status !== undefined) after.status = await statusOf(scope, before, status);
  if ((after.status ?? before.status) === 'qualified') {
    const due = plain.nextActionAt === undefined ? before.nextActionAt : plain.nextActionAt;
    if (!due) throw invalid('nextActionAt', 'A qualified lead needs a next action with its date.');
  }
  if (stage !== undefined) Object.assign(after, await stageOf(scope, before, stage));
  await refuseUnknown(scope, 'members', plain.ownerId, 'ownerId');
  if (plain.ownerId !== undefined && plain.ownerId !== before.ownerId) {
    after.assignedBecause = plain.ownerId ? 'by hand' : null;
  }
  return after;
}

async function statusOf({ db }: Scope, before: Row, text: string): Promise<string> {
  const status = leadStatusOf(text);
  if (!status) throw invalid('status', `The status “${text}” is not one of ours.`);
  const opens = openStatuses.includes(status) && !before.isOpen;
  const other = opens
    ? await db
        .selectFrom('leads')
        .select('id')
        .where('contactId', '=', before.contactId)
        .where('isOpen', '=', true)
        .executeTakeFirst()
    : undefined;
  if (other) throw new Refusal('conflict', 'This person has another open lead already.');
  return status;
}

async function stageOf({ db }: Scope, before: Row, stage: string): Promise<Updateable<Leads>> {
  const own = await db
    .selectFrom('taxonomyTerms')
    .select('slug')
    .where('taxonomy', '=', 'lead-stage')
    .where('archivedAt', 'is', null)
    .execute();
  const stages = own.length > 0 ? own.map(({ slug }) => slug) : leadStages;
  if (!(stages as string[]).includes(stage)) {
    throw invalid('stage', `The stage “${stage}” is not one of ours.`);
  }
  if (stage === before.stage) return {};
  return {
    stage,
    wonAt: stage === 'WON' ? sql`now()` : null,
    lostAt: stage === 'LOST' ? sql`now()` : null,
  } as Updateable<Leads>;
}

/** A line for each thing that changed, a word to the new owner, and an end to sequences that it ends. */
async function tell(scope: Scope, before: Row, after: Updateable<Leads>): Promise<void> {
  const { workspaceId, actor } = scope;
  const leadId = before.id;
  const lines = tracked
    .filter(({ field }) => after[field] !== undefined && after[field] !== before[field])
    .map(({ field, kind, name }) => ({
      ...{ workspaceId, actor, leadId, kind },
      title: `${name} ${shown(before[field])} → ${shown(after[field])}`,
      data: { from: before[field] ?? null, to: after[field] ?? null },
    }));
  await insertRows(scope, 'activities', lines as never, ['id']);
  if (after.ownerId && after.ownerId !== before.ownerId) {
    await notifyOwners(scope, [{ leadId, ownerId: after.ownerId }]);
  }
  const closed = after.status && !openStatuses.includes(after.status as never);
  if (closed && before.isOpen) {
    const { status } = after as { status: string };
    await leaveSequences(
      scope,
      { id: leadId, status },
      status === 'converted' ? 'converted' : 'lost',
    );
  }
}

const tracked = [
  { field: 'status', kind: 'status_changed', name: 'Status' },
  { field: 'stage', kind: 'stage_changed', name: 'Stage' },
  { field: 'ownerId', kind: 'owner_changed', name: 'Owner' },
  { field: 'nextAction', kind: 'next_action', name: 'Next action' },
  { field: 'nextActionAt', kind: 'next_action', name: 'Next action due' },
] as const;
