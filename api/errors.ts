import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { ZodError } from 'zod';
import { type Fault, reasons, Refusal } from '#domain/refusal.ts';

/** How soon to come back, in seconds. */
const RETRY_AFTER = '5';

/** Says why not, as application/problem+json. What is no refusal is logged by its name and said without its insides. */
export function inWords(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const problem = problemOf(error);
    if (problem.status === 500) log.error(nameOf(error), 'A call failed.');
    else if (problem.status === 503) log.warn(nameOf(error), 'A call had to be refused.');
    if (response.headersSent) return next(error);
    // What is still to be read of a body that is refused need not come.
    if (!request.complete) response.set('Connection', 'close');
    sendProblem(response, problem);
  };
}

export interface Problem {
  type: string;
  status: number;
  title: string;
  errors: Fault[];
}

export function sendProblem(response: Response, problem: Problem): void {
  const { status } = problem;
  if (status === 503 || status === 429) {
    if (!response.hasHeader('Retry-After')) response.set('Retry-After', RETRY_AFTER);
  }
  response.status(status).type('application/problem+json').send(JSON.stringify(problem));
}

export function problemOf(error: unknown): Problem {
  const refusal = refusalIn(error);
  if (!refusal) return problem('bug', 500, 'Something went wrong on our side.');
  const { reason, message, faults } = refusal;
  if (!(reason in reasons)) return problem(reason, 415, message);
  return problem(reason, reasons[reason as keyof typeof reasons], message, faults);
}

function problem(reason: string, status: number, title: string, errors: Fault[] = []): Problem {
  return { type: `/problems/${reason}`, status, title, errors };
}

type Found = Pick<Refusal, 'message' | 'faults'> & { reason: Refusal['reason'] | 'media-type' };

function refusalIn(error: unknown): Found | undefined {
  if (error instanceof Refusal) return error;
  if (error instanceof ZodError) {
    const faults = error.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
    return new Refusal('invalid', 'Some fields cannot be accepted.', faults);
  }
  const { status, code, message = '' } = error as Partial<Failure>;
  if (status === 413) return new Refusal('too-large', 'The body is too large.');
  if (status === 415)
    return { reason: 'media-type', message: 'Send it as application/json.', faults: [] };
  if (status && status >= 400 && status < 500) {
    return new Refusal('malformed', 'The call cannot be read.');
  }
  if (isAway(code, message)) {
    return new Refusal('unavailable', 'We cannot do this at the moment. Try again soon.');
  }
  return code === undefined ? undefined : refusedByDatabase(String(code));
}

interface Failure {
  status: number;
  code: string | number;
  message: string;
}

/** Of Postgres: connections (08), resources (53), being shut down (57P), time-outs (57014, 25P03, 55P03); of sockets; of gRPC: 4 and 14. */
const away =
  /^(08...|53...|57P0.|57014|25P03|55P03|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|4|14)$/;

function isAway(code: Failure['code'] | undefined, message: string): boolean {
  return (
    away.test(String(code)) ||
    /timeout exceeded when trying to connect|Connection terminated|Query read timeout/i.test(
      message,
    )
  );
}

/** What a row may not be, for callers whose body said so past our checks. */
function refusedByDatabase(code: string): Refusal | undefined {
  if (code === '23505') return new Refusal('conflict', 'This is there already.');
  if (code === '23503')
    return new Refusal('invalid', 'Something that this refers to is not there.');
  if (/^22|^23514$|^54000$/.test(code)) {
    return new Refusal('invalid', 'Something in this cannot be kept.');
  }
  if (/^40/.test(code)) return new Refusal('conflict', 'Somebody changed this at the same moment.');
  return undefined;
}

/** Messages of errors may quote a row; their names and places do not. */
function nameOf(error: unknown): object {
  if (!(error instanceof Error)) return { error: 'unknown' };
  const at = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return { error: error.name, code: (error as Partial<Failure>).code, at: at?.slice(0, 6) };
}
