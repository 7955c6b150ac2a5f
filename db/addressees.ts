import { sql } from 'kysely';
import type { Inbound } from '#domain/message.ts';
import { readPhone } from '#domain/phone.ts';
import { notifyMember } from './effects.ts';
import type { Scope } from './scope.ts';

type Written = Pick<Inbound, 'channel' | 'to'>;

/** The owner of the lead, else whoever it was sent to, finds it in Today and hears of it at once. */
export async function tellOwner(
  scope: Scope,
  leadId: string | null,
  inbound: Written,
  { messageId, title }: { messageId: string; title: string },
): Promise<void> {
  if (!leadId) return;
  const { db, workspaceId } = scope;
  const addressee = await memberWrittenTo(scope, inbound);
  await sql`
    with lead as (select id, coalesce(owner_id, ${addressee ?? null}) as told from leads where id = ${leadId}),
    task as (
      insert into tasks (workspace_id, lead_id, kind, title, because, assignee_id, due_at)
      select ${workspaceId}::uuid, id, 'reply', ${title}, 'they wrote to us', told, now() from lead)
    insert into notifications (workspace_id, user_id, kind, title, href, lead_id, key)
    select ${workspaceId}::uuid, told, 'reply', ${title}, '/leads/' || id, id, ${`message:${messageId}`}
    from lead where told is not null on conflict do nothing`.execute(db);
}

/** Nobody knows who wrote, but perhaps to whom: that member is told. */
export async function tellWrittenTo(
  scope: Scope,
  inbound: Written,
  { messageId, title }: { messageId: string; title: string },
): Promise<boolean> {
  const userId = await memberWrittenTo(scope, inbound);
  if (!userId) return false;
  const key = `message:${messageId}`;
  await notifyMember(scope, { userId, kind: 'reply', title, href: null, leadId: null, key });
  return true;
}

/** The member whose own number or mailbox a message came to; nobody when it came to one that all share. */
async function memberWrittenTo(
  { db }: Scope,
  { channel, to }: Written,
): Promise<string | undefined> {
  if (!to) return undefined;
  const { defaultRegion } = await db
    .selectFrom('workspaces')
    .select('defaultRegion')
    .executeTakeFirstOrThrow();
  const address =
    channel === 'sms'
      ? (readPhone(to, defaultRegion)?.e164 ?? to)
      : to.toLowerCase().replace(/\+[^@]*@/, '@');
  const sender = await db
    .selectFrom('senders')
    .select('userId')
    .where('channel', '=', channel)
    .where('address', '=', address)
    .where('userId', 'is not', null)
    .executeTakeFirst();
  return sender?.userId ?? undefined;
}
