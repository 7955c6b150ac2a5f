import { sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import type { Scope } from './scope.ts';

interface Kept {
  key: string;
  channel: string;
  recipient: string;
  sender: string;
  subject: string | null;
  body: string;
  html: string | null;
  headers: Record<string, string>;
  enrolmentId: string | null;
  touchId: string | null;
}

/** The mailbox and the phone inside the product: keeps a message once per key, however often it is handed in. */
export async function keepInSandbox(
  scope: Scope,
  message: Kept,
): Promise<{ is: 'accepted'; providerId: string }> {
  const { db, workspaceId } = scope;
  const { key, channel, recipient, sender, subject, body, html, enrolmentId, touchId } = message;
  const { rows } = await sql<{ id: string }>`
    insert into sandbox_messages (workspace_id, key, channel, recipient, sender, subject, body, html, headers,
      enrolment_id, touch_id)
    values (${workspaceId}, ${key}, ${channel}, ${recipient}, ${sender}, ${subject}, ${body}, ${html},
      ${JSON.stringify(message.headers)}::jsonb, ${enrolmentId}, ${touchId})
    on conflict (workspace_id, key) do update set times = sandbox_messages.times + 1
    returning id`.execute(db);
  changed(scope, 'sandbox');
  return { is: 'accepted', providerId: rows[0]!.id };
}

/** What would have gone out, the latest first. */
export async function listSandbox(
  { db }: Scope,
  {
    to,
    channel,
    limit = 50,
    cursor,
  }: { to?: string; channel?: string; limit?: number; cursor?: string },
) {
  let query = db
    .selectFrom('sandboxMessages')
    .select(columns)
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (to) query = query.where('recipient', '=', to);
  if (channel) query = query.where('channel', '=', channel);
  if (cursor) query = query.where('id', '<', cursor);
  const rows = await query.execute();
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? items.at(-1)!.id : null };
}

export async function getSandboxMessage({ db }: Scope, id: string) {
  const row = await db
    .selectFrom('sandboxMessages')
    .select(columns)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) throw new Refusal('not-found', 'There is no such message.');
  return row;
}

const columns = [
  ...(['id', 'channel', 'recipient as to', 'sender as from', 'subject', 'body as text'] as const),
  ...(['html', 'headers', 'at', 'enrolmentId', 'touchId', 'times', 'key'] as const),
] as const;
