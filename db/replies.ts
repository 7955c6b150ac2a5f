import { sql } from 'kysely';
import { type Inbound, type Match, type Receipt, SURE, wishIn } from '#domain/message.ts';
import { answer } from './answers.ts';
import { giveUp } from './bounces.ts';
import { changed } from './changes.ts';
import { matchMessage } from './matching.ts';
import type { Scope } from './scope.ts';
import { type Done, retimeEnrolments } from './standing.ts';
import { leadOfStranger } from './strangers.ts';
import { leave, liftSuppression, suppress } from './suppressions.ts';

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
