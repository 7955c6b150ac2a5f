import { heartbeat } from '@temporalio/activity';
import type { Kysely } from 'kysely';
import { compareNew, scanBatch } from '#db/duplicate-scans.ts';
import type { DB } from '#db/schema.ts';
import { inWorkspace } from '#db/scope.ts';
import { loadDuplicates } from '#rules/duplicates.ts';

interface DuplicateDeps {
  db: Kysely<DB>;
  /** Tells Temporal that work goes on. */
  beat?: () => void;
}

const settings = loadDuplicates();
/** How long one turn lasts, in milliseconds. */
const TURN = 20_000;
/** So many of one workspace are compared at a strike of the clock; the rest at the next. */
const MOST = 10_000;

export function duplicateActivities({ db, beat = heartbeat }: DuplicateDeps) {
  return {
    /** Compares on for one turn and answers whether any are left. What is committed is not compared again. */
    async scanForDuplicates({
      workspaceId,
      scanId,
    }: {
      workspaceId: string;
      scanId: string;
    }): Promise<boolean> {
      const who = { workspaceId, actor: 'engine' };
      const until = Date.now() + TURN;
      for (;;) {
        const more = await inWorkspace(db, who, (scope) => scanBatch(scope, scanId, { settings }));
        beat();
        if (!more) return false;
        if (Date.now() > until) return true;
      }
    },
  };
}

/** Compares who came into a workspace since the clock last struck, a few hundred at a time; answers how many. */
export async function compareArrivals(
  { db, beat = heartbeat }: DuplicateDeps,
  workspaceId: string,
): Promise<number> {
  const who = { workspaceId, actor: 'engine' };
  let compared = 0;
  for (const record of ['contact', 'company'] as const) {
    for (let next = 1; next > 0 && compared < MOST; compared += next) {
      next = await inWorkspace(db, who, (scope) => compareNew(scope, record, { settings }));
      beat();
    }
  }
  return compared;
}
