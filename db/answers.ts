import { sql } from 'kysely';
import { type Inbound, type Match, SURE } from '#domain/message.ts';
import { tellOwner, tellWrittenTo } from './addressees.ts';
import { gatherLater, startLater } from './outbox.ts';
import type { Scope } from './scope.ts';
import {
  type Acknowledged,
  type Done,
  hearEvent,
  pauseEnrolments,
  stopEnrolments,
} from './standing.ts';

/** Somebody answered: their walks pause or stop as each sequence says, and the rep is told. */
export async function answer(
  scope: Scope,
  inbound: Inbound,
  match: Match | undefined,
  messageId: string,
): Promise<Done> {
  if (!match) {
    const title = `Somebody unknown wrote ${about(inbound)}`;
    const isTold = await tellWrittenTo(scope, inbound, { messageId, title });
    return { did: ['kept; nobody here fits', ...(isTold ? ['told whoever it was sent to'] : [])] };
  }
  const { leadId, contactId, confidence } = match;
  if (confidence < SURE) {
    const title = `Is this from them? ${about(inbound)}`;
    await tellOwner(scope, leadId, inbound, { messageId, title });
    return { did: ['asked whose it is'] };
  }
  const event = { id: `message:${messageId}`, event: 'replied', at: inbound.at };
  await hearEvent(scope, { contactId }, { ...event, id: `heard:${messageId}` });
  const settled = await settleWalks(scope, contactId, event.id);
  await sql`update leads set last_activity_at = now() where id = ${leadId}`.execute(scope.db);
  const title = `Answered ${about(inbound)}`;
  await tellOwner(scope, leadId, inbound, { messageId, title });
  // An answer is worth something: the lead is scored again.
  if (leadId) await gatherLater(scope, 'leadIntake', [leadId]);
  await tellPlusvibe(scope, leadId, messageId);
  return settled;
}

function about({ channel, subject }: Inbound): string {
  return subject ? `by ${channel}: ${subject}` : `by ${channel}`;
}

/** Each open walk of theirs as its sequence says; their colleagues' too where it counts for the company. */
async function settleWalks(scope: Scope, contactId: string, eventId: string): Promise<Done> {
  const { rows } = await sql<{ id: string; onReply: string; own: boolean }>`
    select e.id, v.definition->>'onReply' as on_reply, e.contact_id = ${contactId} as own
    from enrolments e join sequence_versions v on v.id = e.version_id
    where e.status in ('active', 'paused', 'blocked') and (e.contact_id = ${contactId}
      or coalesce((v.definition->>'account')::boolean, false) and e.contact_id in (
        select other.id from contacts me join contacts other on other.company_id = me.company_id
        where me.id = ${contactId}))
    order by e.id`.execute(scope.db);
  const did: string[] = [];
  const all: Acknowledged = { enrolmentIds: [], claimed: [] };
  for (const { id, onReply, own } of rows) {
    if (onReply === 'ignore') continue;
    const reason = own ? ('replied' as const) : ('account' as const);
    const because = own ? 'they answered' : 'somebody of their company answered';
    const how = { reason, because, eventId };
    const done =
      onReply === 'stop'
        ? await stopEnrolments(scope, { enrolmentId: id }, how)
        : await pauseEnrolments(scope, { enrolmentId: id }, how);
    did.push(onReply === 'stop' ? 'stopped a sequence' : 'paused a sequence');
    all.enrolmentIds.push(...done.enrolmentIds);
    all.claimed.push(...done.claimed);
  }
  return { did: did.length > 0 ? did : ['kept; no sequence was walking'], ...all };
}

/** The system that ran the campaign before us pauses its own sequence too. */
async function tellPlusvibe(scope: Scope, leadId: string | null, messageId: string): Promise<void> {
  if (!leadId) return;
  const connection = await scope.db
    .selectFrom('connections')
    .select('id')
    .where('source', '=', 'plusvibe')
    .where('active', '=', true)
    .where('removedAt', 'is', null)
    .executeTakeFirst();
  if (!connection) return;
  const { workspaceId } = scope;
  await startLater(scope, {
    ...{ workflow: 'tellPlusvibe', workflowId: `plusvibe:${messageId}` },
    input: [{ workspaceId, leadId, connectionId: connection.id }],
  });
}
