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
const PATIENCE = 5000;

/** Sends the Update that the outbox has promised too, under the same id: heard twice, it is obeyed once. */
export async function obeyed(
  { enrolmentId, id, update, input }: Command,
  temporal: Client,
): Promise<Standing | undefined> {
  const handle = temporal.workflow.getHandle(`enrolment:${enrolmentId}`);
  const asked = handle.executeUpdate<Standing, [unknown]>(update, {
    ...{ args: [input] as [unknown], updateId: id },
  });
  // A walk that has not begun, or has just ended, learns it from the database or from the relay.
  const answer = asked.catch(() => undefined);
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), PATIENCE);
  const heard = await Promise.race([answer, late]);
  clearTimeout(timer);
  const { success, data } = Standing.safeParse(heard);
  return success ? data : undefined;
}
