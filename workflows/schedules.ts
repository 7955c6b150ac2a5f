/** One clock of the house: when it strikes, what then happens, and what becomes of slots that were missed. */
export interface Clock {
  name: string;
  /** What it does, as people read it. */
  what: string;
  /** Its cron in words. */
  every: string;
  /** In UTC; what depends on a local hour looks at each zone by itself. */
  cron: string;
  workflow: string;
  /** What happens to a slot that comes while the one before still runs. */
  overlap: 'SKIP' | 'BUFFER_ONE';
  /** How old a slot may be that was missed while Temporal was away. */
  catchup: '5 minutes' | '2 hours' | '4 hours' | '26 hours';
}

const workflow = 'runClock';

/** Every clock of the house. To add one is a line here and a job in `activities/jobs.ts`. */
export const schedules: Clock[] = [
  {
    name: 'score-refresh',
    what: 'Lets the scores of active leads fall while nothing happens, and rise when something does',
    every: 'Every 5 minutes',
    cron: '*/5 * * * *',
    workflow,
    // Of a scan only the latest slot matters, so a window is as long as its period.
    overlap: 'SKIP',
    catchup: '5 minutes',
  },
  {
    name: 'stall-scan',
    what: 'Assesses every open deal anew and tells the owners of those that are now at high risk',
    every: 'Every 2 hours',
    cron: '0 */2 * * *',
    workflow,
    overlap: 'SKIP',
    catchup: '2 hours',
  },
  {
    name: 'forecast',
    what: 'Keeps each workspace’s pipeline and forecast as they were when its day ended',
    every: 'Every 15 minutes, for workspaces whose day has ended',
    cron: '*/15 * * * *',
    workflow,
    overlap: 'BUFFER_ONE',
    catchup: '4 hours',
  },
  {
    name: 'duplicates',
    what: 'Compares contacts and companies that are new with those that were there',
    every: 'Every 10 minutes',
    cron: '5-59/10 * * * *',
    workflow,
    overlap: 'SKIP',
    catchup: '5 minutes',
  },
  {
    name: 'archive',
    what: 'Archives deals closed more than a year ago, makes room for the months to come and erases files that were judged 30 days ago',
    every: 'Every day at 03:20 UTC',
    cron: '20 3 * * *',
    workflow,
    overlap: 'BUFFER_ONE',
    catchup: '26 hours',
  },
  {
    name: 'digest',
    what: 'Writes to each reader at 06:00 of their own day what waits for them',
    every: 'Every 15 minutes, for readers whose morning has come',
    cron: '*/15 * * * *',
    workflow,
    overlap: 'BUFFER_ONE',
    catchup: '4 hours',
  },
];

/** By this name Temporal knows a clock. */
export function scheduleIdOf(name: string, prefix = 'clock'): string {
  return `${prefix}:${name}`;
}
