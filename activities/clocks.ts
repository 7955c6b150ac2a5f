import { heartbeat } from '@temporalio/activity';
import { beginRun, endRun, type Strike } from '#db/schedule-runs.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';
import { type Job, jobs as ours } from './jobs.ts';

interface ClockDeps extends Deps {
  /** Tells Temporal that work goes on. */
  beat?: () => void;
  jobs?: Record<string, Job>;
}

export function clockActivities({ beat = heartbeat, jobs = ours, ...deps }: ClockDeps) {
  return {
    /** Does a clock's work for a slot, unless another run has taken that slot. Answers how much was done. */
    async strike(run: Strike): Promise<number> {
      const job = jobs[run.name];
      if (!job) throw new Refusal('not-found', `Nothing is to be done for ${run.name}.`);
      if (!(await beginRun(deps.db, run))) return 0;
      const count = await job({ ...deps, beat });
      await endRun(deps.db, run, { outcome: 'done', count });
      return count;
    },

    /** Writes down that a slot was given up. */
    async failStrike({ problem, ...run }: Strike & { problem: string }): Promise<void> {
      await endRun(deps.db, run, { outcome: 'failed', problem });
    },
  };
}
