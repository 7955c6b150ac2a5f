import type { Client } from '@temporalio/client';
import { Standing } from '#domain/enrolment.ts';

/** A command that the database has taken and whose workflow must now follow. */
interface Command {
  enrolmentId: string;
  id: string;
  update: string;
  input: unknown;
}

/** How long a person waits for the walk's own answer, in milliseconds. */
const PATIENCE = 4500;

/** Sends the Update that the outbox has promised too, under the same id: heard twice, it is obeyed once. */
export async function obeyed(
  { enrolmentId, id, update, input }: Command,
  temporal: Client,
): Promise<Standing | undefined> {
  const handle = temporal.workflow.getHandle(`enrolment:${enrolmentId}`);
  const options = { args: [input] as [unknown], updateId: id };
  // With a deadline nobody goes on asking after the answer was given up.
  const heard = await temporal
    .withDeadline(Date.now() + PATIENCE, () =>
      handle.executeUpdate<Standing, [unknown]>(update, options),
    )
    // A walk that is silent, has not begun, or has just ended, learns it from the database or from the relay.
    .catch(() => undefined);
  const { success, data } = Standing.safeParse(heard);
  return success ? data : undefined;
}
