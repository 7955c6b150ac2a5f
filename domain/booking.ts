import { z } from 'zod';

/** What a calendar tells of a meeting. Instants are ISO. */
export interface BookingNews {
  kind: 'booked' | 'moved' | 'cancelled';
  /** The calendar's own name for it; moved, it may get another one and tells which it had `before`. */
  uid: string;
  before?: string;
  toldAt: string;
  title: string;
  startsAt: string;
  endsAt: string;
  location?: string;
  organizer?: string;
  reason?: string;
}

/** A meeting as it stands. */
export const Booking = z.object({
  id: z.uuid(),
  source: z.string(),
  leadId: z.uuid(),
  title: z.string(),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  location: z.string().nullable(),
  organizer: z.string().nullable(),
  status: z.enum(['booked', 'cancelled']),
  reason: z.string().nullable(),
  timesMoved: z.number(),
  createdAt: z.iso.datetime(),
});
export type Booking = z.infer<typeof Booking>;
