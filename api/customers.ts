import { z } from 'zod';
import { countCustomers, listCustomers } from '#db/customers.ts';
import { Customer, customerHealths } from '#domain/customer.ts';
import { pageOf } from '#domain/page.ts';
import { route } from './route.ts';

export const customerRoutes = [
  route('get', '/customers', {
    summary: 'List the companies that bought something, who bought most first, with how they do',
    needs: 'customers:read',
    query: z.object({
      q: z.string().max(200).optional(),
      owner: z.string().max(100).optional(),
      health: z.enum(customerHealths).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      cursor: z.string().max(1000).optional(),
    }),
    reply: pageOf(Customer),
    run: ({ query }, scope) => listCustomers(scope, query),
  }),

  route('get', '/customers/counts', {
    summary: 'Count the companies that bought something',
    needs: 'customers:read',
    reply: z.object({ all: z.int() }),
    run: (_given, scope) => countCustomers(scope),
  }),
];
