import { sql } from 'kysely';
import { assessAll } from '#db/risks.ts';
import { everyWorkspace, forgetRuns } from '#db/schedule-runs.ts';
import { inWorkspace, type Scope } from '#db/scope.ts';
import type { Deps } from './deps.ts';
import { sendDigests } from './digests.ts';

interface JobDeps extends Deps {
  beat: () => void;
}

/** What a clock does when it strikes; answers how much it did. Done twice, it does nothing more. */
export type Job = (deps: JobDeps) => Promise<number>;

/** By the name of a clock in `workflows/schedules.ts`. */
export const jobs: Record<string, Job> = {
  'stall-scan': (deps) =>
    forEach(deps, async (workspaceId) => {
      const { assessed } = await assessAll(deps.db, { workspaceId, now: deps.now() });
      return assessed;
    }),
  digest: sendDigests,
  archive: async (deps) => {
    await sql`select make_activity_months(now()::date, (now() + interval '3 months')::date)`.execute(
      deps.db,
    );
    return forgetRuns(deps.db);
  },
};

/** One workspace after the other, each in transactions of its own. One that fails keeps no other waiting, and is told of at the end. */
export async function forEach(
  { db, beat }: JobDeps,
  work: (workspaceId: string) => Promise<number>,
): Promise<number> {
  let count = 0;
  const problems: unknown[] = [];
  for (const { workspaceId } of await everyWorkspace(db)) {
    const done = await work(workspaceId).catch((error: unknown) => problems.push(error) && 0);
    count += done;
    beat();
  }
  if (problems.length > 0) throw problems[0];
  return count;
}

/** The same, as the engine inside each workspace. */
export function inEach(deps: JobDeps, work: (scope: Scope) => Promise<number>): Promise<number> {
  return forEach(deps, (workspaceId) =>
    inWorkspace(deps.db, { workspaceId, actor: 'engine' }, work),
  );
}
