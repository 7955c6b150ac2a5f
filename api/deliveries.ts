import { z } from 'zod';
import { getConnection } from '#db/connections.ts';
import {
  balanceOfDeliveries,
  getDelivery,
  listDeliveries,
  replayDelivery,
} from '#db/deliveries.ts';
import type { Scope } from '#db/scope.ts';
import {
  Delivery,
  DeliveryBalance,
  DeliveryPage,
  DeliveryState,
  Outcome,
} from '#domain/delivery.ts';
import { pageOf } from '#domain/page.ts';
import { Refusal } from '#domain/refusal.ts';
import { integrations } from '#integrations/index.ts';
import type { Happening } from '#integrations/integration.ts';
import { route } from './route.ts';

const OneDelivery = z.object({ id: z.uuid() });
const Filter = z.object({
  state: DeliveryState.optional(),
  connection: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.uuid().optional(),
});
const Replayed = z.object({
  delivery: DeliveryPage,
  /** What it says, and would do. */
  would: z.array(Outcome).nullable(),
});

export const deliveryRoutes = [
  route('get', '/deliveries', {
    summary: 'List what other systems delivered, newest first',
    needs: 'deliveries:read',
    query: Filter,
    reply: pageOf(Delivery),
    run: ({ query }, scope) => listDeliveries(scope, query),
  }),
  route('get', '/deliveries/balance', {
    summary: 'Count what was received: done, ignored, dead or pending',
    needs: 'deliveries:read',
    query: Filter.pick({ connection: true }),
    reply: DeliveryBalance,
    run: ({ query }, scope) => balanceOfDeliveries(scope, query),
  }),
  route('get', '/deliveries/:id', {
    summary: 'Show a delivery as it came, and what became of it',
    needs: 'deliveries:read',
    params: OneDelivery,
    reply: DeliveryPage,
    run: ({ params }, scope) => getDelivery(scope, params.id),
  }),
  route('post', '/deliveries/:id/replay', {
    summary: 'Handle a delivery once more, or only say what it would do',
    needs: 'deliveries:write',
    params: OneDelivery,
    query: z.object({ dry: z.stringbool().default(false) }),
    reply: Replayed,
    status: ({ would }) => (would ? 200 : 202),
    run: async ({ params, query }, scope) =>
      query.dry
        ? rehearse(scope, params.id)
        : { delivery: await replayDelivery(scope, params.id), would: null },
  }),
];

/** Reads a delivery as its connection is set now, and touches nothing. */
async function rehearse(scope: Scope, id: string): Promise<z.output<typeof Replayed>> {
  const delivery = await getDelivery(scope, id);
  const { settings } = await getConnection(scope, delivery.connectionId);
  const webhook = integrations.find(({ name }) => name === delivery.source)?.webhook;
  if (!webhook) throw new Refusal('conflict', 'We no longer read what this system sends.');
  const would = happeningsOf(() => webhook.read(JSON.parse(delivery.body), settings));
  return { delivery, would };
}

function happeningsOf(read: () => Happening[]): Outcome[] {
  try {
    return read().map((one) => ({ is: one.is, what: wordsFor(one) }));
  } catch (error) {
    if (error instanceof Refusal) return [{ is: 'dead', what: error.message }];
    if (error instanceof SyntaxError) return [{ is: 'dead', what: 'The body is not JSON.' }];
    throw error;
  }
}

function wordsFor(happening: Happening): string {
  switch (happening.is) {
    case 'lead-arrived': {
      const { email, phone, company } = happening.lead;
      return `Would take in ${email ?? phone ?? company ?? 'a lead'}${happening.reply ? ' and what they wrote' : ''}.`;
    }
    case 'message-received':
      return `Would keep a message from ${happening.from ?? 'an unknown number'}, and pause who wrote it.`;
    case 'mail-received':
      return `Would keep a mail from ${happening.mail.from}.`;
    case 'mail-waiting':
      return 'Would fetch a mail and keep it.';
    case 'touch-reported':
      return `Would note that a message was ${happening.state}.`;
    case 'ignored':
      return `Would be ignored: ${happening.because}`;
  }
}
