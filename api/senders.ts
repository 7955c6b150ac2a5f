import { z } from 'zod';
import { changeSender, listSenders, saveSender } from '#db/senders.ts';
import { pageOf } from '#domain/page.ts';
import { route } from './route.ts';

const Sender = z.object({
  id: z.uuid(),
  channel: z.enum(['email', 'sms']),
  address: z.string().trim().min(3).max(254),
  name: z.string().trim().max(100).nullable(),
  userId: z.string().nullable(),
  provider: z.enum(['sandbox', 'resend', 'smtp', 'sms-gateway']),
  connectionId: z.uuid().nullable(),
  signature: z.string().max(500).nullable(),
  active: z.boolean(),
});
const { channel, address, ...others } = Sender.omit({ id: true }).shape;
const settings = z.object(others).partial();

export const senderRoutes = [
  route('get', '/senders', {
    summary: 'The addresses and numbers that messages leave from',
    needs: 'workspace:read',
    reply: pageOf(Sender),
    run: async (_given, scope) => ({
      items: (await listSenders(scope)) as z.input<typeof Sender>[],
      next: null,
    }),
  }),

  route('post', '/senders', {
    summary: 'Add an address or a number to send from',
    needs: 'connections:write',
    body: settings.extend({ channel, address }),
    reply: Sender,
    status: () => 201,
    run: async ({ body }, scope) =>
      (await saveSender(scope, body as never)) as z.input<typeof Sender>,
  }),

  route('patch', '/senders/:id', {
    summary: 'Change a sender, or switch it off',
    needs: 'connections:write',
    params: z.object({ id: z.uuid() }),
    body: settings.extend({ address: address.optional() }),
    reply: Sender,
    run: async ({ params, body }, scope) =>
      (await changeSender(scope, params.id, body as never)) as z.input<typeof Sender>,
  }),
];
