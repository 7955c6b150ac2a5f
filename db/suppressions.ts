import { sql } from 'kysely';
import { readEmail } from '#domain/email.ts';
import type { EndReason } from '#domain/enrolment.ts';
import { changed } from './changes.ts';
import type { Scope } from './scope.ts';
import { type Acknowledged, stopEnrolments } from './standing.ts';

/** Whether somebody may be written to, and who said so. */
interface Wish {
  channel: 'email' | 'sms';
  address: string;
  contactId: string | undefined;
  /** Such as unsubscribed or bounced. */
  reason: string;
  /** Where it was said: `link`, `one-click`, `sms`, `bounce`. */
  source: string;
}

/** From now on nothing goes to this address, in any sequence; the consent's end is kept with its source. */
export async function suppress(scope: Scope, { contactId, ...wish }: Wish): Promise<void> {
  const { db, workspaceId } = scope;
  const row = { ...wish, address: normalized(wish.channel, wish.address) };
  await db
    .insertInto('suppressions')
    .values({ workspaceId, ...row })
    .onConflict((conflict) =>
      conflict.columns(['workspaceId', 'channel', 'address']).doUpdateSet({
        ...{ reason: row.reason, source: row.source, liftedAt: null },
        at: sql`case when suppressions.lifted_at is null then suppressions.at else now() end`,
      }),
    )
    .execute();
  await consent(scope, { ...wish, contactId, state: 'withdrawn' });
  changed(scope, 'leads', 'settings');
}

/** They asked to be written to again. What a bounce or a complaint forbade stays forbidden. */
export async function liftSuppression(scope: Scope, wish: Wish): Promise<void> {
  await scope.db
    .updateTable('suppressions')
    .set({ liftedAt: sql`now()` })
    .where('channel', '=', wish.channel)
    .where('address', '=', normalized(wish.channel, wish.address))
    .where('reason', '=', 'unsubscribed')
    .execute();
  await consent(scope, { ...wish, state: 'given' });
  changed(scope, 'leads', 'settings');
}

/** Somebody pressed the link in a mail, or their mail program did: once or ten times, it is the same. */
export async function unsubscribe(
  scope: Scope,
  contactId: string,
  source: 'link' | 'one-click',
): Promise<Acknowledged | undefined> {
  const contact = await scope.db
    .selectFrom('contacts')
    .select('emailNormalized')
    .where('id', '=', contactId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!contact?.emailNormalized) return undefined;
  const address = contact.emailNormalized;
  await suppress(scope, { channel: 'email', address, contactId, reason: 'unsubscribed', source });
  return leave(scope, contactId, {
    ...{ reason: 'unsubscribed', because: `unsubscribed by ${source}` },
    eventId: `unsubscribed:${contactId}:${crypto.randomUUID()}`,
  });
}

/** Every walk of theirs ends. */
export function leave(
  scope: Scope,
  contactId: string,
  how: { reason: EndReason; because: string; eventId: string },
): Promise<Acknowledged> {
  return stopEnrolments(scope, { contactId }, how);
}

async function consent(
  { db, workspaceId }: Scope,
  { contactId, channel, state, source }: Omit<Wish, 'reason' | 'address'> & { state: string },
): Promise<void> {
  if (!contactId) return;
  await sql`insert into consents (workspace_id, contact_id, channel, state, source)
    select ${workspaceId}::uuid, ${contactId}::uuid, ${channel}, ${state}, ${source}
    where ${state} is distinct from (select state from consents
      where contact_id = ${contactId} and channel = ${channel} order by id desc limit 1)`.execute(
    db,
  );
}

function normalized(channel: string, address: string): string {
  return channel === 'email' ? (readEmail(address)?.normalized ?? address.toLowerCase()) : address;
}
