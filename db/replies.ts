import { sql } from 'kysely';
import { type Inbound, type Match, type Receipt, SURE, wishIn } from '#domain/message.ts';
import { tellOwner, tellWrittenTo } from './addressees.ts';
import { changed } from './changes.ts';
import { matchMessage } from './matching.ts';
import { gatherLater, startLater } from './outbox.ts';
import type { Scope } from './scope.ts';
import {
  type Acknowledged,
  hearEvent,
  pauseEnrolments,
  retimeEnrolments,
  stopEnrolments,
} from './standing.ts';
import { leadOfStranger } from './strangers.ts';
import { leave, liftSuppression, suppress } from './suppressions.ts';

type Done = { did: string[] } & Partial<Acknowledged>;

/**
 * Takes in a message: whose it is, what it is, and what follows, in one transaction under the contact's lock. Told
 * twice, it changes nothing. `whose` is given where somebody else knows better than a match.
 */
export async function receiveMessage(
  scope: Scope,
  inbound: Inbound,
  whose?: { leadId: string; contactId: string },
): Promise<Receipt> {
  const match = await whoWrote(scope, inbound, whose);
  if (match) await lockCompany(scope, match.contactId);
  const messageId = await keep(scope, inbound, match);
  const told = { kind: inbound.kind, matched: match ?? null };
  if (!messageId) {
    const before = await keptAs(scope, inbound);
    return { ...told, messageId: before, duplicate: true, did: [], enrolmentIds: [], claimed: [] };
  }
  const { did, enrolmentIds = [], claimed = [] } = await follow(scope, inbound, match, messageId);
  changed(scope, 'leads', 'today', 'enrolments', 'touches', 'notifications');
  return { ...told, messageId, duplicate: false, did, enrolmentIds, claimed };
}

async function whoWrote(
  scope: Scope,
  inbound: Inbound,
  whose?: { leadId: string; contactId: string },
): Promise<Match | undefined> {
  const match = whose ? undefined : await matchMessage(scope, inbound);
  const known = whose ?? (match ? undefined : await leadOfStranger(scope, inbound));
  return known ? { ...known, enrolmentId: null, by: 'lead', confidence: 1 } : match;
}

function follow(
  scope: Scope,
  inbound: Inbound,
  match: Match | undefined,
  messageId: string,
): Promise<Done> {
  const wish = inbound.channel === 'sms' ? wishIn(inbound.text) : undefined;
  if (wish) return obeyWish(scope, inbound, match, { wish, messageId });
  switch (inbound.kind) {
    case 'bounce':
    case 'complaint':
      return giveUp(scope, inbound, match, messageId);
    case 'auto-reply':
      return wait(scope, inbound, match, messageId);
    case 'reply':
    case 'other':
      return answer(scope, inbound, match, messageId);
  }
}

/** STOP and its like end everything and close the number; START opens the number again. */
async function obeyWish(
  scope: Scope,
  { from, channel }: Inbound,
  match: Match | undefined,
  { wish, messageId }: { wish: 'stop' | 'start'; messageId: string },
): Promise<Done> {
  const address = from ?? '';
  const contactId = match && match.confidence >= SURE ? match.contactId : undefined;
  const asked = { channel, address, contactId, reason: 'unsubscribed', source: 'sms' };
  if (wish === 'start') {
    await liftSuppression(scope, asked);
    return { did: ['may be texted again'] };
  }
  await suppress(scope, asked);
  const did = ['is texted no more'];
  if (!contactId) return { did };
  const because = 'asked by text to be left alone';
  const eventId = `message:${messageId}`;
  const left = await leave(scope, contactId, { reason: 'unsubscribed', because, eventId });
  return { did: [...did, 'left every sequence'], ...left };
}

/** An address that will never take mail, or a person who complained, is not written to again. */
async function giveUp(
  scope: Scope,
  { kind, bounced, about, from }: Inbound,
  match: Match | undefined,
  messageId: string,
): Promise<Done> {
  const reason = kind === 'bounce' ? ('bounced' as const) : ('complained' as const);
  const because = bounced?.because ?? (kind === 'bounce' ? 'the mail came back' : 'complained');
  if (kind === 'bounce' && !bounced?.permanent) return { did: ['noted; the address may recover'] };
  if (kind === 'bounce' && about) await markBounced(scope, about, because);
  const address =
    bounced?.address ??
    (match ? await addressOf(scope, match.contactId) : kind === 'complaint' ? from : null);
  if (address) {
    const who = { contactId: match?.contactId, reason, source: kind };
    await suppress(scope, { channel: 'email', address, ...who });
  }
  const did = address ? [`is written to no more: ${reason}`] : [];
  if (!match) return { did };
  const eventId = `message:${messageId}`;
  const left = await leave(scope, match.contactId, { reason, because, eventId });
  return { did: [...did, 'left every sequence'], ...left };
}

/** An out-of-office changes nothing but the next date. */
async function wait(
  scope: Scope,
  { returnsOn }: Inbound,
  match: Match | undefined,
  messageId: string,
): Promise<Done> {
  if (!match || !returnsOn) return { did: ['noted; nothing changes'] };
  await scope.db
    .updateTable('contacts')
    .set({ awayUntil: returnsOn })
    .where('id', '=', match.contactId)
    .execute();
  await retimeEnrolments(scope, { contactId: match.contactId }, `message:${messageId}`);
  return { did: [`waits until ${returnsOn}, when they are back`] };
}

/** Somebody answered: their walks pause or stop as each sequence says, and the rep is told. */
async function answer(
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

/** The person and, for sequences that count per company, their colleagues: always in the same order. */
async function lockCompany({ db }: Scope, contactId: string): Promise<void> {
  await sql`select from contacts where id = ${contactId} or id in (
      select e.contact_id from enrolments e join sequence_versions v on v.id = e.version_id
        join contacts other on other.id = e.contact_id
        join contacts me on me.company_id = other.company_id
      where me.id = ${contactId} and e.status in ('active', 'paused', 'blocked')
        and coalesce((v.definition->>'account')::boolean, false))
    order by id for no key update`.execute(db);
}

async function keep(
  { db, workspaceId }: Scope,
  inbound: Inbound,
  match: Match | undefined,
): Promise<string | undefined> {
  const { channel, kind, provider, providerId, from, to, subject, text, fullText, html } = inbound;
  const row = await db
    .insertInto('messages')
    .values({
      ...{ workspaceId, direction: 'in', channel, kind, provider, providerId },
      ...{ sender: from, recipient: to, subject: subject ?? null, body: text },
      ...{ fullText: fullText ?? null, html: html ?? null, at: inbound.at },
      ...{ messageId: inbound.messageId ?? null, inReplyTo: inbound.inReplyTo ?? null },
      ...{ leadId: match?.leadId ?? null, contactId: match?.contactId ?? null },
      ...{ enrolmentId: match?.enrolmentId ?? null, matchedBy: match?.by ?? null },
      confidence: match?.confidence ?? null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return row?.id;
}

async function keptAs({ db }: Scope, { provider, providerId }: Inbound): Promise<string> {
  const { id } = await db
    .selectFrom('messages')
    .select('id')
    .where('provider', '=', provider)
    .where('direction', '=', 'in')
    .where('providerId', '=', providerId)
    .executeTakeFirstOrThrow();
  return id;
}

async function addressOf({ db }: Scope, contactId: string): Promise<string | null> {
  const { emailNormalized } = await db
    .selectFrom('contacts')
    .select('emailNormalized')
    .where('id', '=', contactId)
    .executeTakeFirstOrThrow();
  return emailNormalized;
}

async function markBounced({ db }: Scope, messageId: string, because: string): Promise<void> {
  const [walk] = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(messageId) ?? [];
  if (!walk) return;
  await sql`update touches set state = 'bounced', because = ${because}, settled_at = now(), updated_at = now()
    where (enrolment_id = ${walk} or id = ${walk}) and headers->>'Message-ID' = ${messageId}
      and state in ('accepted', 'delivered', 'claimed', 'unknown')`.execute(db);
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
