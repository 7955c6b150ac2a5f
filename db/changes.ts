import { type Kysely, sql, type Transaction } from 'kysely';
import type { DB } from './schema.ts';

/** What pages show: the words after `api:` in their loads. `outbox` wakes the relay. */
export const topics = [
  ...(['leads', 'today', 'sequences', 'enrolments', 'touches', 'imports'] as const),
  ...(['deliveries', 'sandbox', 'settings', 'notifications', 'outbox'] as const),
  ...(['companies', 'contacts', 'deals', 'activities'] as const),
  ...(['forecast', 'insights', 'schedules', 'rules', 'analyses', 'reviews'] as const),
] as const;
export type Topic = (typeof topics)[number];

const noted = new WeakMap<Transaction<DB>, Set<Topic>>();

/** Notes in a transaction what pages will have to load again once it is committed. */
export function changed({ db }: { db: Transaction<DB> }, ...which: Topic[]): void {
  const set = noted.get(db) ?? new Set<Topic>();
  for (const topic of which) set.add(topic);
  noted.set(db, set);
}

const waiting = new Map<string, Set<Topic>>();
let timer: NodeJS.Timeout | undefined;

/** After a commit: tells everyone who listens, at most ten times a second per process, ids only. */
export function announce(db: Kysely<DB>, workspaceId: string, transaction: Transaction<DB>): void {
  const noticed = noted.get(transaction);
  if (noticed) announceNow(db, workspaceId, ...noticed);
}

/** For a change made by one bare statement, outside a scope. */
export function announceNow(db: Kysely<DB>, workspaceId: string, ...which: Topic[]): void {
  const set = waiting.get(workspaceId) ?? new Set<Topic>();
  for (const topic of which) set.add(topic);
  waiting.set(workspaceId, set);
  timer ??= setTimeout(() => void flush(db), 100);
  timer.unref();
}

async function flush(db: Kysely<DB>): Promise<void> {
  timer = undefined;
  const batch = [...waiting].map(([workspaceId, topics]) => ({ workspaceId, topics: [...topics] }));
  waiting.clear();
  const wake = batch.some(({ topics }) => topics.includes('outbox'));
  const payloads = batch.map((change) => JSON.stringify(change));
  // A lost notice costs a page a few seconds and the relay one poll; it must never end the process.
  await sql`select ${wake ? sql`pg_notify('outbox', '')` : sql`null`},
    (select count(pg_notify('changes', payload)) from unnest(${payloads}::text[]) payload)`
    .execute(db)
    .catch(() => undefined);
}
