import { z } from 'zod';
import { balance, getTouch, listTouches, resolveTouch } from '#db/ledger.ts';
import { reasonsNotSent } from '#db/touch-reasons.ts';
import { pageOf } from '#domain/page.ts';
import { Balance, ReasonCount, TouchState } from '#domain/touch.ts';
import { route } from './route.ts';

const One = z.object({ id: z.uuid() });
const word = z.string().max(100).optional();

const Filter = z.object({
  lead: z.uuid().optional(),
  enrolment: z.uuid().optional(),
  sequence: z.uuid().optional(),
  state: TouchState.optional(),
  channel: word,
  reason: word,
});

const Touch = z.object({
  id: z.uuid(),
  enrolmentId: z.uuid().nullable(),
  sequenceId: z.uuid().nullable(),
  sequenceName: z.string().nullable(),
  version: z.int().nullable(),
  leadId: z.uuid(),
  leadName: z.string().optional(),
  contactId: z.uuid(),
  stepId: z.string().nullable(),
  visit: z.int(),
  attempt: z.int(),
  channel: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  because: z.string().nullable(),
  dueAt: z.iso.datetime(),
  untilAt: z.iso.datetime().nullable(),
  claimedAt: z.iso.datetime().nullable(),
  acceptedAt: z.iso.datetime().nullable(),
  settledAt: z.iso.datetime().nullable(),
  provider: z.string().nullable(),
  sender: z.string().nullable(),
  recipient: z.string().nullable(),
  subject: z.string().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
const TouchPage = Touch.extend({
  body: z.string().nullable(),
  html: z.string().nullable(),
  headers: z.unknown(),
  key: z.string(),
  providerId: z.string().nullable(),
});

export const touchRoutes = [
  route('get', '/touches', {
    summary: 'The ledger: every attempt to reach somebody, sent or not',
    needs: 'touches:read',
    query: Filter.extend({
      limit: z.coerce.number().int().min(1).max(200).default(50),
      cursor: z.uuid().optional(),
    }),
    reply: pageOf(Touch),
    run: ({ query }, scope) => listTouches(scope, query),
  }),

  route('get', '/touches/balance', {
    summary: 'All = accepted + held + skipped + failed + unknown',
    needs: 'touches:read',
    query: Filter,
    reply: Balance,
    run: ({ query }, scope) => balance(scope, query),
  }),

  route('get', '/touches/reasons', {
    summary: 'How many did not go out, and for what reason',
    needs: 'touches:read',
    query: Filter,
    reply: pageOf(ReasonCount),
    run: async ({ query }, scope) => ({ items: await reasonsNotSent(scope, query), next: null }),
  }),

  route('get', '/touches/:id', {
    summary: 'One attempt with its words',
    needs: 'touches:read',
    params: One,
    reply: TouchPage,
    run: ({ params }, scope) => getTouch(scope, params.id),
  }),

  route('post', '/touches/:id/resolve', {
    summary: 'Say whether a message in doubt was sent; one that was not goes out again',
    needs: 'messages:write',
    params: One,
    body: z.object({ was: z.enum(['sent', 'not-sent']) }),
    reply: TouchPage,
    async run({ params, body }, scope) {
      await resolveTouch(scope, params.id, body.was);
      return getTouch(scope, params.id);
    },
  }),
];
