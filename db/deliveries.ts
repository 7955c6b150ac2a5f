import { sql } from 'kysely';
import type {
  Delivery,
  DeliveryBalance,
  DeliveryPage,
  DeliveryState,
  Outcome,
} from '#domain/delivery.ts';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import { gatherLater } from './outbox.ts';
import type { Scope } from './scope.ts';

const columns = [
  ...(['id', 'connectionId', 'source', 'eventId', 'state', 'reason', 'outcome'] as const),
  ...(['replays', 'receivedAt', 'handledAt'] as const),
  sql<number>`length(body)`.as('bytes'),
] as const;

interface Filter {
  state?: DeliveryState | undefined;
  connection?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

/** Newest first. */
export async function listDeliveries(
  { db }: Scope,
  { state, connection, limit, cursor }: Filter,
): Promise<{ items: Delivery[]; next: string | null }> {
  let query = db
    .selectFrom('deliveries')
    .select(columns)
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (state) query = query.where('state', '=', state);
  if (connection) query = query.where('connectionId', '=', connection);
  if (cursor) query = query.where('id', '<', cursor);
  const rows = (await query.execute()) as Delivery[];
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? items.at(-1)!.id : null };
}

export async function getDelivery({ db }: Scope, id: string): Promise<DeliveryPage> {
  const row = await db
    .selectFrom('deliveries')
    .select([...columns, 'headers', 'body'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) throw new Refusal('not-found', 'There is no such delivery.');
  return { ...row, body: shown(row.body) } as DeliveryPage;
}

/** What was received is done, ignored, dead or pending: the five figures come from one look. */
export async function balanceOfDeliveries(
  { db }: Scope,
  { connection }: { connection?: string | undefined } = {},
): Promise<DeliveryBalance> {
  let query = db
    .selectFrom('deliveries')
    .select(({ fn }) => [
      fn.countAll<number>().as('received'),
      ...(['pending', 'done', 'ignored', 'dead'] as const).map((state) =>
        fn.countAll<number>().filterWhere('state', '=', state).as(state),
      ),
    ]);
  if (connection) query = query.where('connectionId', '=', connection);
  return (await query.executeTakeFirstOrThrow()) as DeliveryBalance;
}

/** Handles a delivery once more, as if it had just come; what it did before it does not do twice. */
export async function replayDelivery(scope: Scope, id: string): Promise<DeliveryPage> {
  const { numUpdatedRows } = await scope.db
    .updateTable('deliveries')
    .set({ state: 'pending', reason: null, replays: sql<number>`replays + 1`, handledAt: null })
    .where('id', '=', id)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw new Refusal('not-found', 'There is no such delivery.');
  await gatherLater(scope, 'deliveries', [id]);
  changed(scope, 'deliveries');
  return getDelivery(scope, id);
}

/** A delivery that waits to be handled, with what its connection says about reading it. */
export interface Waiting {
  id: string;
  connectionId: string;
  source: string;
  eventId: string;
  replays: number;
  body: Buffer;
  receivedAt: string;
  settings: unknown;
}

/** Locks those of these deliveries that are still pending: whoever comes second finds none. */
export async function takeDeliveries({ db }: Scope, ids: string[]): Promise<Waiting[]> {
  const rows = await db
    .selectFrom('deliveries')
    .innerJoin('connections', 'connections.id', 'deliveries.connectionId')
    .select(['deliveries.id', 'connectionId', 'deliveries.source', 'eventId', 'replays', 'body'])
    .select(['receivedAt', 'connections.settings'])
    .where('deliveries.id', 'in', ids)
    .where('state', '=', 'pending')
    .orderBy('deliveries.id')
    .forUpdate('deliveries')
    .execute();
  return rows as Waiting[];
}

export interface Handled {
  id: string;
  state: Exclude<DeliveryState, 'pending'>;
  reason?: string;
  outcome?: Outcome[];
}

/** Writes down what became of deliveries; each once. */
export async function settleDeliveries(scope: Scope, handled: Handled[]): Promise<void> {
  if (handled.length === 0) return;
  await sql`
    with settled as (
      update deliveries set state = new.state, reason = new.reason, outcome = new.outcome, handled_at = now()
      from json_to_recordset(${JSON.stringify(handled)}::json)
        as new(id uuid, state text, reason text, outcome jsonb)
      where deliveries.id = new.id
      returning connection_id, received_at, deliveries.state, deliveries.reason)
    update connections set last_event_at = greatest(last_event_at, latest), last_problem = problem
    from (select connection_id, max(received_at) as latest,
            max(reason) filter (where state = 'dead') as problem
          from settled group by connection_id) told
    where connections.id = told.connection_id`.execute(scope.db);
  changed(scope, 'deliveries', 'settings');
}

/** Text as it came; anything else as base64. */
function shown(body: Buffer): string {
  const text = body.toString('utf8');
  return text.includes('\0') || text.includes('\ufffd') ? body.toString('base64') : text;
}
