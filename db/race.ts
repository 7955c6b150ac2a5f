import { sql } from 'kysely';
import type { Scope } from './scope.ts';

/** Somebody wrote the same at the same moment: both waited for each other, or a unique index refused one. */
const races = new Set(['40P01', '23505']);

/** Does something that others may do at the same moment, and does it again when their rows came first. */
export async function unlessRaced<T>(scope: Scope, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const tried = await tryOut(scope, work);
    if (tried.is === 'done') return tried.result;
    const { code = '' } = tried.error as { code?: string };
    if (attempt === 5 || !races.has(code)) throw tried.error;
  }
}

type Tried<T> = { is: 'done'; result: T } | { is: 'undone'; error: unknown };

/** Does something within the transaction; when it fails it is undone, and the transaction goes on. */
export async function tryOut<T>({ db }: Scope, work: () => Promise<T>): Promise<Tried<T>> {
  await sql`savepoint before`.execute(db);
  try {
    const result = await work();
    await sql`release savepoint before`.execute(db);
    return { is: 'done', result };
  } catch (error) {
    await sql`rollback to savepoint before`.execute(db);
    await sql`release savepoint before`.execute(db);
    return { is: 'undone', error };
  }
}
