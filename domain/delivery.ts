import { z } from 'zod';

export const DeliveryState = z.enum(['pending', 'done', 'ignored', 'dead']);
export type DeliveryState = z.infer<typeof DeliveryState>;

/** What one happening of a delivery led to. */
export const Outcome = z.object({
  is: z.string(),
  /** In words. */
  what: z.string(),
  leadId: z.uuid().optional(),
});
export type Outcome = z.infer<typeof Outcome>;

/** What a system delivered. Received = pending + done + ignored + dead, at every moment. */
export const Delivery = z.object({
  id: z.uuid(),
  connectionId: z.uuid(),
  source: z.string(),
  eventId: z.string(),
  state: DeliveryState,
  reason: z.string().nullable(),
  outcome: z.array(Outcome).nullable(),
  replays: z.int(),
  receivedAt: z.iso.datetime(),
  handledAt: z.iso.datetime().nullable(),
  bytes: z.int(),
});
export type Delivery = z.infer<typeof Delivery>;

/** A delivery with all that came. A body that is no text is shown as base64. */
export const DeliveryPage = Delivery.extend({
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});
export type DeliveryPage = z.infer<typeof DeliveryPage>;

export const DeliveryBalance = z.object({
  received: z.int(),
  pending: z.int(),
  done: z.int(),
  ignored: z.int(),
  dead: z.int(),
});
export type DeliveryBalance = z.infer<typeof DeliveryBalance>;
