import pg from 'pg';
import { unseal } from './secrets.ts';
import { together } from './together.ts';

/** A connection as the door knows it. */
export interface Sender {
  workspaceId: string;
  source: string;
  settings: unknown;
  secrets: unknown;
}

export interface Arrived {
  connectionId: string;
  eventId: string;
  headers: Record<string, string>;
  body: Buffer;
}

export interface Kept {
  id: string;
  duplicate: boolean;
}

/** Where webhooks come in: its own few connections to Postgres, so that nothing else can hold it up. */
export interface Door {
  /** Who sends here, if anybody may. */
  senderOf(connectionId: string): Promise<Sender | undefined>;
  /** Keeps what came, once per event, with the promise to handle it; nothing if the connection has just been shut. */
  keep(delivery: Arrived): Promise<Kept | undefined>;
  close(): Promise<void>;
}

/** How long Postgres may take to be there, and to answer, in milliseconds: together less than two seconds. */
const PATIENCE = { connectionTimeoutMillis: 900, query_timeout: 900, statement_timeout: 900 };
/** How long a connection that was changed is still seen as it was, in milliseconds. */
const REMEMBERED = 3000;
const MOST_REMEMBERED = 10_000;
/** What goes into one statement, and how many of those are on their way at once; the size is in bytes. */
const CROWD = { most: 100, size: 1_000_000, lanes: 3 };

/** One statement for all that came at once: kept and promised, or known already. A row of a moment ago may be too new to be seen: then no row comes. */
const keepOnce = {
  name: 'keep-deliveries',
  text: `
    with given as (
      select * from unnest($1::uuid[], $2::text[], $3::jsonb[], $4::bytea[])
        as given (connection_id, event_id, headers, body)),
    kept as (
      insert into deliveries (workspace_id, connection_id, source, event_id, headers, body)
      select workspace_id, id, source, event_id, headers, body
      from given join connections on id = connection_id
      where active and removed_at is null
      on conflict (connection_id, event_id) do nothing
      returning workspace_id, id, connection_id, event_id),
    promised as (
      insert into outbox (workspace_id, kind, workflow, input)
      select workspace_id, 'gather', 'deliveries', to_json(id)::text from kept)
    select connection_id, event_id, id, false as duplicate from kept
    union all
    select connection_id, event_id, id, true from deliveries
    where (connection_id, event_id) in (select connection_id, event_id from given)`,
};
interface Row extends Kept {
  connection_id: string;
  event_id: string;
}
const keptBefore = {
  name: 'kept-before',
  text: 'select id from deliveries where connection_id = $1 and event_id = $2',
};
const senderOf = {
  name: 'sender-of',
  text: `select workspace_id, source, settings, secrets from connections
    where id = $1 and active and removed_at is null`,
};

/** Acts as the owner of the tables: a sender is not signed in, and its connection says whose data it is. */
export function openDoor(connectionString: string, key: Buffer, most = 10): Door {
  const pool = new pg.Pool({ connectionString, max: most, ...PATIENCE });
  pool.on('error', (error) => console.warn(error.message));
  const remembered = new Map<string, { sender: Promise<Sender | undefined>; until: number }>();

  const keepTogether = together(keepAll, ({ body }) => body.length, CROWD);

  /** In one order, so that two crowds with the same events never wait for each other. */
  async function keepAll(crowd: Arrived[]): Promise<(Kept | undefined)[]> {
    const sorted = crowd.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
    const values = [
      sorted.map(({ connectionId }) => connectionId),
      sorted.map(({ eventId }) => eventId),
      sorted.map(({ headers }) => JSON.stringify(headers)),
      sorted.map(({ body }) => body),
    ];
    const { rows } = await pool.query<Row>({ ...keepOnce, values });
    const found = new Map(rows.map((row) => [`${row.connection_id} ${row.event_id}`, row]));
    return crowd.map((delivery) => {
      const row = found.get(nameOf(delivery));
      if (!row) return undefined;
      const { id, duplicate } = row;
      // Of two in one crowd the second is the duplicate.
      row.duplicate = true;
      return { id, duplicate };
    });
  }

  async function look(id: string): Promise<Sender | undefined> {
    const { rows } = await pool.query<Record<string, string>>({ ...senderOf, values: [id] });
    const [row] = rows;
    if (!row) return undefined;
    return {
      workspaceId: row['workspace_id']!,
      source: row['source']!,
      settings: row['settings'],
      secrets: JSON.parse(unseal(row['secrets']!, key)),
    };
  }

  return {
    senderOf(connectionId) {
      const known = remembered.get(connectionId);
      if (known && known.until > Date.now()) return known.sender;
      const sender = look(connectionId);
      remembered.delete(connectionId);
      if (remembered.size >= MOST_REMEMBERED) remembered.delete(remembered.keys().next().value!);
      remembered.set(connectionId, { sender, until: Date.now() + REMEMBERED });
      // Neither a failure nor a stranger is worth remembering.
      sender.then(
        (found) => found ?? remembered.delete(connectionId),
        () => remembered.delete(connectionId),
      );
      return sender;
    },
    async keep(delivery) {
      const kept = await keepTogether(delivery);
      if (kept) return kept;
      const values = [delivery.connectionId, delivery.eventId];
      const before = await pool.query<{ id: string }>({ ...keptBefore, values });
      const [row] = before.rows;
      return row && { id: row.id, duplicate: true };
    },
    close: () => pool.end(),
  };
}

function nameOf({ connectionId, eventId }: Arrived): string {
  return `${connectionId.toLowerCase()} ${eventId}`;
}
