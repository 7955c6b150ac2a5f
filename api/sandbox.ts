import express, { Router } from 'express';
import { z } from 'zod';
import { receiveMessage } from '#db/replies.ts';
import { getSandboxMessage, listSandbox } from '#db/sandbox.ts';
import { inWorkspace, type Scope } from '#db/scope.ts';
import { type Inbound, Receipt } from '#domain/message.ts';
import { pageOf } from '#domain/page.ts';
import { Refusal } from '#domain/refusal.ts';
import { inboundOf } from '#integrations/mail/inbound.ts';
import { readMail } from '#integrations/mail/read.ts';
import type { Deps } from './deps.ts';
import { identify } from './identify.ts';
import { route } from './route.ts';

const Message = z.object({
  id: z.uuid(),
  channel: z.string(),
  to: z.string(),
  from: z.string(),
  subject: z.string().nullable(),
  text: z.string(),
  html: z.string().nullable(),
  headers: z.unknown(),
  at: z.iso.datetime(),
  enrolmentId: z.uuid().nullable(),
  touchId: z.uuid().nullable(),
  times: z.int(),
  key: z.string(),
});
const One = z.object({ id: z.uuid() });

export const sandboxRoutes = [
  route('get', '/sandbox/messages', {
    summary: 'What would have gone out, the latest first',
    needs: 'sandbox:read',
    query: z.object({
      to: z.string().max(254).optional(),
      channel: z.enum(['email', 'sms']).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      cursor: z.uuid().optional(),
    }),
    reply: pageOf(Message),
    run: ({ query }, scope) => listSandbox(scope, query),
  }),

  route('get', '/sandbox/messages/:id', {
    summary: 'One message of the sandbox',
    needs: 'sandbox:read',
    params: One,
    reply: Message,
    run: ({ params }, scope) => getSandboxMessage(scope, params.id),
  }),

  route('post', '/sandbox/messages/:id/reply', {
    summary: 'Answer a message as the lead would; says what followed',
    needs: 'sandbox:write',
    params: One,
    body: z.object({ text: z.string().trim().min(1).max(100_000) }),
    reply: Receipt,
    status: () => 201,
    run: ({ params, body }, scope) => answerAsLead(scope, params.id, body.text),
  }),
];

/** A raw mail, as it would come from outside. */
export function sandboxRouter(deps: Deps): Router {
  const router = Router();
  const raw = express.raw({ type: ['message/rfc822', 'text/plain'], limit: '10mb' });
  router.post('/api/sandbox/inbound', raw, async (request, response) => {
    const caller = await identify(deps, request, 'sandbox:write');
    if (!deps.sandbox) throw new Refusal('not-found', 'The sandbox is off here.');
    if (!Buffer.isBuffer(request.body) || request.body.length === 0)
      throw new Refusal('malformed', 'Send a raw mail as message/rfc822.');
    const mail = await readMail(request.body);
    const given = { provider: 'sandbox', providerId: crypto.randomUUID(), at: deps.now() };
    const inbound = inboundOf(mail, given);
    const receipt = await inWorkspace(deps.db, caller, (scope) => receiveMessage(scope, inbound));
    const { matched: match, ...rest } = receipt;
    response.json({ ...rest, text: mail.text, matched: match !== null, match });
  });
  return router;
}

async function answerAsLead(scope: Scope, id: string, text: string): Promise<Receipt> {
  const { channel, to: from, from: to, subject, headers } = await getSandboxMessage(scope, id);
  const messageId = (headers as Record<string, string>)['Message-ID'];
  const inbound: Inbound = {
    ...{ channel: channel as Inbound['channel'], kind: 'reply', provider: 'sandbox' },
    ...{ providerId: crypto.randomUUID(), from, to, text, at: new Date().toISOString() },
    ...(subject && { subject: `Re: ${subject.replace(/^re:\s*/i, '')}` }),
    ...(messageId && { inReplyTo: messageId, references: [messageId] }),
  };
  return receiveMessage(scope, inbound);
}
