import { sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import type { Claimed } from './claims.ts';
import { startLater } from './outbox.ts';
import type { Scope } from './scope.ts';
import { type Sender, senderFor } from './senders.ts';

interface Words {
  channel: 'email' | 'sms';
  subject?: string | undefined;
  text: string;
}

/** Writes down what a person here says to a lead, and promises that it will be handed over. */
export async function writeMessage(
  scope: Scope,
  leadId: string,
  { channel, subject, text }: Words,
): Promise<{ touchId: string }> {
  const { db, workspaceId, actor } = scope;
  const person = await personOf(scope, leadId, channel);
  const { recipient, contactId, ownerId, last } = person;
  const wish = { channel, from: 'owner', walkId: leadId };
  const sender =
    (await senderFor(scope, { ...wish, ownerId: actor })) ??
    (await senderFor(scope, { ...wish, ownerId }));
  if (!sender) throw new Refusal('conflict', 'There is no address or number to send from yet.');
  const touchId = crypto.randomUUID();
  const headers = channel === 'email' ? headersOf(touchId, sender, last) : {};
  const said = subject ?? (last?.subject ? `Re: ${last.subject.replace(/^re:\s*/i, '')}` : null);
  if (channel === 'email' && !said)
    throw new Refusal('invalid', 'A new email needs a subject.', [
      { field: 'subject', message: 'Give a subject.' },
    ]);
  await db
    .insertInto('touches')
    .values({
      ...{ workspaceId, id: touchId, leadId, contactId, channel, state: 'planned' },
      ...{ key: `message:${touchId}:1`, dueAt: sql<string>`now()`, because: `written by ${actor}` },
      ...{ provider: sender.provider, sender: sender.address, recipient, body: text },
      ...{ subject: channel === 'email' ? said : null, headers: JSON.stringify(headers) },
    })
    .execute();
  await answered(scope, leadId);
  await handOver(scope, touchId, 1);
  changed(scope, 'touches', 'leads', 'today');
  return { touchId };
}

/** Promises that a message of a person's own is handed over; each attempt has an id of its own. */
export async function handOver(scope: Scope, touchId: string, attempt: number): Promise<void> {
  await startLater(scope, {
    ...{ workflow: 'sendMessage', workflowId: `message:${touchId}:${attempt}` },
    input: [{ workspaceId: scope.workspaceId, touchId }],
  });
}

/** Claims it under the contact's lock, unless it may not go any more. `again` says that a claim was found. */
export async function claimMessage(
  scope: Scope,
  touchId: string,
): Promise<(Claimed & { again: boolean; enrolmentId: string | null }) | undefined> {
  const { db } = scope;
  await sql`select from contacts where id = (select contact_id from touches where id = ${touchId})
    for no key update`.execute(db);
  const { rows } = await sql<Row>`
    select t.id as touch_id, t.key, t.state, t.channel, t.provider, t.sender, t.recipient, t.subject, t.body, t.html,
      t.headers, t.enrolment_id, s.name as sender_name, s.connection_id,
      c.do_not_contact or exists (select from suppressions x where x.lifted_at is null
        and x.channel in (t.channel, 'all') and x.address in (c.email_normalized, c.phone_e164)) as forbidden
    from touches t join contacts c on c.id = t.contact_id
      left join senders s on s.channel = t.channel and s.address = t.sender
    where t.id = ${touchId} for no key update of t`.execute(db);
  const [row] = rows;
  if (!row || !['planned', 'held', 'claimed'].includes(row.state)) return undefined;
  const { state, forbidden, ...message } = row;
  if (state === 'claimed') return { ...message, again: true };
  if (forbidden) {
    const because = 'This person must not be written to.';
    await settleMessage(scope, touchId, { state: 'skipped', because });
    return undefined;
  }
  await sql`update touches set state = 'claimed', claimed_at = now(), reason = null, updated_at = now()
    where id = ${touchId}`.execute(db);
  changed(scope, 'touches');
  return { ...message, again: false };
}

interface Row extends Claimed {
  state: string;
  enrolmentId: string | null;
  forbidden: boolean;
}

export async function settleMessage(
  scope: Scope,
  touchId: string,
  { state, because }: { state: 'held' | 'failed' | 'skipped'; because: string },
): Promise<void> {
  await sql`update touches set state = ${state}, because = ${because}, reason = ${
    { held: 'provider-busy', failed: 'provider-refused', skipped: 'suppressed' }[state]
  }, claimed_at = null, updated_at = now() where id = ${touchId}`.execute(scope.db);
  changed(scope, 'touches', 'today');
}

interface Last {
  messageId: string | null;
  subject: string | null;
}

async function personOf({ db }: Scope, leadId: string, channel: 'email' | 'sms') {
  const { rows } = await sql<{
    contactId: string;
    ownerId: string | null;
    recipient: string | null;
    forbidden: boolean;
    last: Last | null;
  }>`
    select c.id as contact_id, l.owner_id, case when ${channel} = 'sms' then c.phone_e164 else c.email end as recipient,
      c.do_not_contact or exists (select from suppressions x where x.lifted_at is null
        and x.channel in (${channel}, 'all') and x.address in (c.email_normalized, c.phone_e164)) as forbidden,
      (select json_build_object('messageId', m.message_id, 'subject', m.subject) from messages m
        where m.lead_id = l.id and m.channel = ${channel} and m.direction = 'in' order by m.at desc limit 1) as last
    from leads l join contacts c on c.id = l.contact_id where l.id = ${leadId}`.execute(db);
  const [row] = rows;
  if (!row) throw new Refusal('not-found', 'There is no such lead.');
  const { recipient, forbidden, ...person } = row;
  if (!recipient)
    throw new Refusal('conflict', `There is no ${channel === 'sms' ? 'number' : 'address'}.`);
  if (forbidden) throw new Refusal('conflict', 'This person must not be written to.');
  return { ...person, recipient };
}

function headersOf(touchId: string, { address }: Sender, last: Last | null) {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  return {
    'Message-ID': `<message-${touchId}@${domain}>`,
    ...(last?.messageId && { 'In-Reply-To': last.messageId, References: last.messageId }),
  };
}

/** Who answers has answered: what asked for it is done. */
async function answered({ db, actor }: Scope, leadId: string): Promise<void> {
  await sql`update tasks set done_at = now(), done_by = ${actor}, outcome = 'answered'
    where lead_id = ${leadId} and kind = 'reply' and done_at is null and cancelled_at is null`.execute(
    db,
  );
}
