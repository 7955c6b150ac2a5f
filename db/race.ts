import { sql } from 'kysely';
import type { Scope } from './scope.ts';

/** Somebody wrote the same at the same moment: both waited for each other, or a unique index refused one. */
const races = new Set(['40P01', '23505']);

/** Does something that others may do at the same moment, and does it again when their rows came first. */
export async function unlessRaced<T>({ db }: Scope, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    await sql`savepoint before_race`.execute(db);
    try {
      const done = await work();
      await sql`release savepoint before_race`.execute(db);
      return done;
    } catch (error) {
      if (attempt === 5 || !races.has((error as { code?: string }).code ?? '')) throw error;
      await sql`rollback to savepoint before_race`.execute(db);
    }
  }
}
