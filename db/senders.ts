import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import { refuseUnknown } from './named.ts';
import type { Scope } from './scope.ts';

const columns = [
  ...(['id', 'channel', 'address', 'name', 'userId', 'provider', 'connectionId'] as const),
  ...(['signature', 'active'] as const),
] as const;

/** From which address or number messages leave, and through what. */
export interface Sender {
  id: string;
  channel: 'email' | 'sms';
  address: string;
  name: string | null;
  userId: string | null;
  provider: string;
  connectionId: string | null;
  signature: string | null;
  active: boolean;
}

export async function listSenders({ db }: Scope): Promise<Sender[]> {
  const rows = await db
    .selectFrom('senders')
    .select(columns)
    .orderBy('channel')
    .orderBy('id')
    .execute();
  return rows as Sender[];
}

/**
 * The sender a sequence asks for: the owner's own, one by its id or address, or of a list always the same for one
 * walk. Who has none of their own sends from the workspace's first.
 */
export async function senderFor(
  { db }: Scope,
  { channel, from, ownerId, walkId }: Wish,
): Promise<Sender | undefined> {
  const all = (await db
    .selectFrom('senders')
    .select(columns)
    .where('channel', '=', channel)
    .where('active', '=', true)
    .orderBy('id')
    .execute()) as Sender[];
  const own = all.find(({ userId }) => userId !== null && userId === ownerId);
  if (from === 'owner') return own ?? all[0];
  const wished = [from].flat();
  const named = all.filter(({ id, address }) => wished.includes(id) || wished.includes(address));
  if (named.length > 0) return named[turnOf(walkId) % named.length];
  return own ?? all[0];
}

/** The sender that a message names, even one that was switched off since. */
export async function senderAt(
  { db }: Scope,
  channel: 'email' | 'sms',
  address: string,
): Promise<Sender | undefined> {
  const row = await db
    .selectFrom('senders')
    .select(columns)
    .where('channel', '=', channel)
    .where('address', '=', address)
    .executeTakeFirst();
  return row as Sender | undefined;
}

interface Wish {
  channel: 'email' | 'sms';
  from: string | string[];
  ownerId: string | null;
  walkId: string;
}

/**
 * The moment at which this sender may be used next, locked until the transaction ends so that no two messages take
 * the same one. Nothing limits a sender yet: it is now.
 */
export async function reserveSlot({ db }: Scope, sender: Sender, now: string): Promise<string> {
  await db
    .selectFrom('senders')
    .select('id')
    .where('id', '=', sender.id)
    .forNoKeyUpdate()
    .execute();
  return now;
}

export async function saveSender(
  scope: Scope,
  given: Partial<Omit<Sender, 'id'>> & Pick<Sender, 'channel' | 'address'>,
): Promise<Sender> {
  const { db, workspaceId } = scope;
  await refuseStrangers(scope, given);
  changed(scope, 'settings');
  const row = await db
    .insertInto('senders')
    .values({ workspaceId, ...given })
    .onConflict((conflict) =>
      conflict
        .columns(['workspaceId', 'channel', 'address'])
        .doUpdateSet({ ...given, active: true }),
    )
    .returning(columns)
    .executeTakeFirstOrThrow();
  return row as Sender;
}

export async function changeSender(
  scope: Scope,
  id: string,
  given: Partial<Omit<Sender, 'id' | 'channel'>>,
): Promise<Sender> {
  await refuseStrangers(scope, given);
  const row = await scope.db
    .updateTable('senders')
    .set({ ...given, workspaceId: scope.workspaceId })
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirst();
  if (!row) throw new Refusal('not-found', 'There is no such sender.');
  changed(scope, 'settings');
  return row as Sender;
}

async function refuseStrangers(
  scope: Scope,
  { userId, connectionId }: Partial<Pick<Sender, 'userId' | 'connectionId'>>,
): Promise<void> {
  await refuseUnknown(scope, 'members', userId, 'userId');
  await refuseUnknown(scope, 'connections', connectionId, 'connectionId');
}

function turnOf(id: string): number {
  return Number.parseInt(id.replaceAll('-', '').slice(-6), 16);
}
