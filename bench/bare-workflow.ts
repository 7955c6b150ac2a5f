import { proxyActivities } from '@temporalio/workflow';

const { touch } = proxyActivities<{ touch(statements: number): Promise<void> }>({
  startToCloseTimeout: '15 seconds',
});

/** What anyone would write first: one activity. */
export async function bare(statements: number): Promise<void> {
  await touch(statements);
}
