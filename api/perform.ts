import { setTimeout as pause } from 'node:timers/promises';
import type { Request, RequestHandler } from 'express';
import { type Answered, answeredBefore, type Call, rememberAnswer } from '#db/idempotency.ts';
import { inWorkspace, type Scope } from '#db/scope.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';
import { type Caller, identify, signedIn } from './identify.ts';
import { refuseOddities } from './limits.ts';
import { isOpen, type OpenRoute, type Route } from './route.ts';

/** Answers calls of one route: who, what, in a transaction, and in what words. */
export function perform(route: Route | OpenRoute, deps: Deps): RequestHandler {
  return async (request, response) => {
    const { status, reply } = isOpen(route)
      ? await performOpen(route, deps, request)
      : await performInside(route, deps, request);
    response.status(status);
    if (reply === undefined) response.end();
    else response.json(reply);
  };
}

async function performOpen(route: OpenRoute, deps: Deps, request: Request): Promise<Answered> {
  const user = route.needs === 'a user' ? await signedIn(deps, request) : undefined;
  const reply = await route.run(givenTo(route, request), user, deps);
  return { status: route.status?.(reply) ?? 200, reply };
}

async function performInside(route: Route, deps: Deps, request: Request): Promise<Answered> {
  const caller = await identify(deps, request, route.needs);
  const given = givenTo(route, request);
  const call = callOf(route, request, caller);
  const done = await inTurn(deps, caller, async (scope) => {
    const before = call && (await answeredBefore(scope, call, deps.encryptionKey));
    if (before) return { ...before, isNew: false };
    const reply = await route.run(given, scope, deps);
    const answer = { status: route.status?.(reply) ?? 200, reply };
    if (call) await rememberAnswer(scope, call, answer, deps.encryptionKey);
    return { ...answer, isNew: true };
  });
  if (!route.then || !done.isNew) return done;
  const heard = await hear(route, done, deps);
  if (call) {
    await inWorkspace(deps.db, caller, (scope) =>
      rememberAnswer(scope, call, heard, deps.encryptionKey),
    );
  }
  return heard;
}

/** Two that waited for each other are told apart by trying once more. */
async function inTurn<T>(deps: Deps, caller: Caller, work: (scope: Scope) => Promise<T>) {
  try {
    return await inWorkspace(deps.db, caller, work);
  } catch (error) {
    if (!/^40(001|P01)$/.test(String((error as { code?: string }).code))) throw error;
    return inWorkspace(deps.db, caller, work);
  }
}

const PATIENCE = 5000;

/** A command that was committed and whose workflow does not answer in time is accepted: the outbox keeps its word. */
async function hear(route: Route, { reply, status }: Answered, deps: Deps): Promise<Answered> {
  const over = new AbortController();
  const late = pause(PATIENCE, undefined, { signal: over.signal }).then(() => {
    throw new Refusal('unavailable', 'Temporal does not answer at the moment.');
  });
  try {
    const heard = await Promise.race([route.then!(reply, deps.temporal), late]);
    return { status: route.status?.(heard) ?? status, reply: heard };
  } catch (error) {
    const isCertain = error instanceof Refusal && error.reason !== 'unavailable';
    if (route.method === 'get' || isCertain) throw error;
    return { status: 202, reply };
  } finally {
    late.catch(() => undefined);
    over.abort();
  }
}

function givenTo(route: Route | OpenRoute, request: Request) {
  refuseOddities(request.query);
  return {
    params: foundBy(route, request),
    query: route.query?.parse(request.query),
    body: route.body?.parse(request.body),
  };
}

/** An id that cannot be one is not there, like any other that is not. */
function foundBy(route: Route | OpenRoute, request: Request): unknown {
  const params = route.params?.safeParse(request.params);
  const hasNul = Object.values(request.params).some((one) => String(one).includes('\0'));
  if (hasNul || (params && !params.success))
    throw new Refusal('not-found', 'There is nothing here.');
  return params?.data;
}

function callOf(route: Route, request: Request, { actor }: Caller): Call | undefined {
  const key = request.get('Idempotency-Key');
  if (key === undefined || route.method !== 'post') return undefined;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new Refusal('invalid', 'An Idempotency-Key has 1 to 255 visible characters.');
  }
  return { key, route: `${actor} ${request.path}`, body: request.body as unknown };
}
