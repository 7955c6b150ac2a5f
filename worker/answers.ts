import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';

/** A start that was made before is made: the id says so. */
export async function alreadyStarted(start: Promise<unknown>): Promise<void> {
  await start.catch((error: unknown) => {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  });
}

/** A word to a workflow that has ended, or a command it refuses, needs no second try. */
export async function alreadyUpdated(said: Promise<unknown>): Promise<void> {
  await said.catch((error: unknown) => {
    const heard =
      error instanceof WorkflowNotFoundError || error instanceof WorkflowUpdateFailedError;
    if (!heard) throw error;
  });
}
