/** The one queue that workflows and activities wait in. */
export const TASK_QUEUE = 'throughline';
