import { sql } from 'kysely';
import { archiveDeals } from '#db/deal-archive.ts';
import { refreshScores } from '#db/lead-scores.ts';
import { assessAll } from '#db/risks.ts';
import { everyWorkspace, forgetRuns } from '#db/schedule-runs.ts';
import { inWorkspace, type Scope } from '#db/scope.ts';
import { takeSnapshot } from '#db/snapshots.ts';
import { eraseFiles } from './analysis-files.ts';
import type { Deps } from './deps.ts';
import { sendDigests } from './digests.ts';
import { compareArrivals } from './duplicates.ts';
import { oneByOne } from './turns.ts';

interface JobDeps extends Deps {
  beat: () => void;
}

/** What a clock does when it strikes; answers how much it did. Done twice, it does nothing more. */
export type Job = (deps: JobDeps) => Promise<number>;

/** By the name of a clock in `workflows/schedules.ts`. */
export const jobs: Record<string, Job> = {
  'score-refresh': (deps) =>
    forEach(deps, async (workspaceId) => {
      const { moved, rescored } = await refreshScores(deps.db, { workspaceId, now: deps.now() });
      return moved + rescored;
    }),
  'stall-scan': (deps) =>
    forEach(deps, async (workspaceId) => {
      const { assessed } = await assessAll(deps.db, { workspaceId, now: deps.now() });
      return assessed;
    }),
  forecast: (deps) => inEach(deps, (scope) => takeSnapshot(scope, deps.now())),
  digest: sendDigests,
  duplicates: (deps) => forEach(deps, (workspaceId) => compareArrivals(deps, workspaceId)),
  archive: async (deps) => {
    await sql`select make_activity_months(now()::date, (now() + interval '3 months')::date)`.execute(
      deps.db,
    );
    await forgetRuns(deps.db);
    const archived = await inEach(deps, (scope) => archiveDeals(scope, deps.now()));
    return archived + (await forEach(deps, (workspaceId) => eraseFiles(deps, workspaceId)));
  },
};

/** In each workspace, with transactions of its own. */
async function forEach(
  { db, beat }: JobDeps,
  work: (workspaceId: string) => Promise<number>,
): Promise<number> {
  return oneByOne(await everyWorkspace(db), beat, ({ workspaceId }) => work(workspaceId));
}

/** The same, as the engine inside one transaction of each. */
function inEach(deps: JobDeps, work: (scope: Scope) => Promise<number>): Promise<number> {
  return forEach(deps, (workspaceId) =>
    inWorkspace(deps.db, { workspaceId, actor: 'engine' }, work),
  );
}
