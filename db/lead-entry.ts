import { sql } from 'kysely';
import type { EndReason } from '#domain/enrolment.ts';
import type { Tag } from '#domain/taxonomy.ts';
import { enrolMatching } from './entering.ts';
import { startLater } from './outbox.ts';
import type { Scope } from './scope.ts';
import { hearEvent, stopEnrolments } from './standing.ts';

/** A tag that was put on a lead, and how often it has been by now. */
export interface Tagged {
  leadId: string;
  slug: string;
  times: number;
}

/** Lets leads that have just come in into the sequences that wait for them, by their arrival and by their tags. */
export async function enterOnArrival(scope: Scope, leadIds: string[]): Promise<void> {
  if (leadIds.length === 0) return;
  const leads = leadIds.map((leadId) => ({ leadId }));
  await enrolMatching(scope, leads, { event: 'lead.received' });
  const tagged = await scope.db
    .selectFrom('leadTags')
    .select(['leadId', 'slug', 'times'])
    .where(sql<boolean>`lead_id = any(${leadIds}::uuid[])`)
    .where('removedAt', 'is', null)
    .execute();
  await followTags(scope, tagged);
}

/** What tags do: their actions at once, a word to walks that wait for them, and the sequences they begin. */
export async function followTags(scope: Scope, tagged: Tagged[]): Promise<void> {
  if (tagged.length === 0) return;
  const actions = await actionsOf(scope);
  for (const [slug, theirs] of Map.groupBy(tagged, (one) => one.slug)) {
    const todo = actions.get(slug) ?? [];
    if (todo.includes('suppress')) await suppress(scope, theirs);
    if (todo.includes('cancel_precall_sequences')) {
      await leave(scope, theirs, { reason: 'tag', because: `tagged ${slug}`, ofClass: 'precall' });
    }
    if (todo.includes('pause_plusvibe') || todo.includes('stop_plusvibe')) {
      await tellPlusvibe(scope, theirs, { stop: todo.includes('stop_plusvibe') });
    }
    for (const one of await walking(scope, theirs)) {
      const at = new Date().toISOString();
      const event = { id: eventOf(one), event: `tag.applied:${slug}`, at };
      await hearEvent(scope, { leadId: one.leadId }, event);
    }
    await enrolMatching(scope, theirs, { tag: slug });
  }
}

/** Ends every walk of leads that are closed. */
export async function leaveSequences(
  scope: Scope,
  lead: { id: string; status: string },
  reason: EndReason,
): Promise<void> {
  const because = `the lead is ${lead.status}`;
  const eventId = `status:${lead.id}:${crypto.randomUUID()}`;
  await stopEnrolments(scope, { leadId: lead.id }, { reason, because, eventId });
}

async function actionsOf({ db }: Scope): Promise<Map<string, Tag['actions']>> {
  const rows = await db.selectFrom('tags').select(['slug', 'actions']).execute();
  return new Map(rows.map(({ slug, actions }) => [slug, actions as unknown as Tag['actions']]));
}

function eventOf({ leadId, slug, times }: Tagged): string {
  return `tag:${leadId}:${slug}:${times}`;
}

/** Only those who are on their way: the others have nothing to leave and nobody who listens. */
async function walking({ db }: Scope, tagged: Tagged[]): Promise<Tagged[]> {
  const ids = tagged.map(({ leadId }) => leadId);
  const rows = await db
    .selectFrom('enrolments')
    .select('leadId')
    .distinct()
    .where(sql<boolean>`lead_id = any(${ids}::uuid[])`)
    .where('status', 'in', ['active', 'paused', 'blocked'])
    .execute();
  const open = new Set(rows.map(({ leadId }) => leadId));
  return tagged.filter(({ leadId }) => open.has(leadId));
}

async function leave(
  scope: Scope,
  tagged: Tagged[],
  how: { reason: EndReason; because: string; ofClass?: string },
): Promise<void> {
  for (const one of await walking(scope, tagged)) {
    await stopEnrolments(scope, { leadId: one.leadId }, { ...how, eventId: eventOf(one) });
  }
}

/** The system that ran the campaign before us lets go of them too. */
async function tellPlusvibe(
  scope: Scope,
  tagged: Tagged[],
  { stop }: { stop: boolean },
): Promise<void> {
  const { db, workspaceId } = scope;
  const connection = await db
    .selectFrom('connections')
    .select('id')
    .where('source', '=', 'plusvibe')
    .where('active', '=', true)
    .executeTakeFirst();
  if (!connection) return;
  const starts = tagged.map((one) => ({
    ...{ workflow: 'tellPlusvibe', workflowId: `plusvibe:${eventOf(one)}` },
    input: [{ workspaceId, leadId: one.leadId, connectionId: connection.id, stop }],
  }));
  await startLater(scope, ...starts);
}

/** Never again by any channel: their addresses are suppressed and every walk of theirs ends. */
async function suppress(scope: Scope, tagged: Tagged[]): Promise<void> {
  const ids = tagged.map(({ leadId }) => leadId);
  await sql`
    with them as (
      update contacts c set do_not_contact = true, updated_at = now()
      from leads l where l.contact_id = c.id and l.id = any(${ids}::uuid[])
      returning c.email_normalized, c.phone_e164)
    insert into suppressions (workspace_id, channel, address, reason, source)
    select ${scope.workspaceId}::uuid, 'all', address, 'do-not-contact', ${`tag by ${scope.actor}`}
    from them, unnest(array[email_normalized, phone_e164]) address where address is not null
    on conflict (workspace_id, channel, address) do update set lifted_at = null`.execute(scope.db);
  await leave(scope, tagged, { reason: 'unsubscribed', because: 'must not be contacted' });
}
