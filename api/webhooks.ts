import { createHash } from 'node:crypto';
import express, { type Request, type Response, Router } from 'express';
import { announceNow } from '#db/changes.ts';
import { Refusal } from '#domain/refusal.ts';
import { integrations } from '#integrations/index.ts';
import type { Deps } from './deps.ts';

/** Of a body; the senders' own limits are far below. */
const LIMIT = '10mb';
/** All that a request may take when Postgres does not answer, in milliseconds. */
const PATIENCE = 1800;
const RETRY_AFTER = '5';

const webhooks = new Map(integrations.map(({ name, webhook }) => [name, webhook]));

/**
 * Takes what other systems send: the signature on the bytes as they came, one statement, and an answer.
 * What it says is read later, by a workflow.
 */
export function webhookRouter({ door, db }: Pick<Deps, 'door' | 'db'>): Router {
  const bytes = express.raw({ type: () => true, limit: LIMIT, inflate: false });
  const router = Router();
  router.post('/api/webhooks/:source/:connectionId', bytes, async (request, response) => {
    const { source, connectionId } = request.params as Record<string, string>;
    const unlessAway = patienceFor(response);
    const webhook = webhooks.get(source!);
    const isKnown = webhook && isUuid(connectionId!);
    const sender = isKnown ? await unlessAway(door.senderOf(connectionId!)) : undefined;
    if (!webhook || !sender || sender.source !== source) {
      throw notFound();
    }
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const delivery = { body, headers: request.headers, now: new Date().toISOString() };
    webhook.verify(delivery, sender.secrets);
    const eventId = keyOf(webhook.idOf(parsed(body), delivery, sender.settings));
    const headers = shownOf(request.headers);
    const { workspaceId } = sender;
    const kept = await unlessAway(
      door.keep({ connectionId: connectionId!, eventId, headers, body }),
    );
    if (!kept) throw notFound();
    if (!kept.duplicate) announceNow(db, workspaceId, 'deliveries', 'outbox');
    // Said plainly: nobody asks twice, so no tag of the answer is reckoned.
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(kept));
  });
  return router;
}

/** A stranger learns nothing about what is there. */
function notFound(): Refusal {
  return new Refusal('not-found', 'There is no such connection.');
}

/** What the database can keep and compare. */
function keyOf(eventId: string): string {
  if (eventId === '' || eventId.includes('\0')) {
    throw new Refusal('malformed', 'The event bears no id that can be kept.');
  }
  return eventId.length <= 300 ? eventId : createHash('sha256').update(eventId).digest('hex');
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new Refusal('malformed', 'The body is not JSON.');
  }
}

/** What people may see later: nothing that opens a door. */
function shownOf(headers: Request['headers']): Record<string, string> {
  const shown = Object.entries(headers).filter(([name]) => !secret.test(name));
  return Object.fromEntries(shown.map(([name, value]) => [name, String(value).slice(0, 1000)]));
}
const secret = /authorization|cookie|signature|secret|token|api-?key/;

/** All of a request shares one patience: when Postgres does not answer in it, the sender shall try again. */
function patienceFor(response: Response): <T>(asked: Promise<T>) => Promise<T> {
  const until = Date.now() + PATIENCE;
  return async (asked) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('late')), until - Date.now());
    });
    try {
      return await Promise.race([asked, late]);
    } catch {
      response.set('Retry-After', RETRY_AFTER);
      throw new Refusal('unavailable', 'We cannot keep this at the moment. Send it again.');
    } finally {
      clearTimeout(timer);
    }
  };
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
