import { z } from 'zod';
import { getTouch } from '#db/ledger.ts';
import { writeMessage } from '#db/own-messages.ts';
import { route } from './route.ts';

export const messageRoutes = [
  route('post', '/leads/:id/messages', {
    summary: 'Write to a lead oneself; it goes out by the same claim as a sequence’s messages',
    needs: 'messages:write',
    params: z.object({ id: z.uuid() }),
    body: z.object({
      channel: z.enum(['email', 'sms']),
      subject: z.string().trim().min(1).max(998).optional(),
      text: z.string().trim().min(1).max(100_000),
    }),
    reply: z.object({
      touchId: z.uuid(),
      state: z.string(),
      channel: z.string(),
      recipient: z.string().nullable(),
      subject: z.string().nullable(),
    }),
    status: () => 202,
    async run({ params, body }, scope) {
      const { touchId } = await writeMessage(scope, params.id, body);
      const { state, channel, recipient, subject } = await getTouch(scope, touchId);
      return { touchId, state, channel, recipient, subject };
    },
  }),
];
