import { z } from 'zod';
import { listBookings } from '#db/bookings.ts';
import { Booking } from '#domain/booking.ts';
import { route } from './route.ts';

export const bookingRoutes = [
  route('get', '/bookings', {
    summary: 'List the meetings that a lead booked, or all that are still to come',
    needs: 'leads:read',
    query: z.object({
      lead: z.uuid().optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    reply: z.object({ items: z.array(Booking) }),
    run: async ({ query }, scope) => ({ items: await listBookings(scope, query) }),
  }),
];
