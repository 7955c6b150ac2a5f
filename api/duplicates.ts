import { z } from 'zod';
import { lockCompany } from '#db/company-changes.ts';
import { lockContact } from '#db/contact-records.ts';
import { lastScan, startScan } from '#db/duplicate-scans.ts';
import { countDuplicates, dismissDuplicate, doublesOf, listDuplicates } from '#db/duplicates.ts';
import { Duplicate, DuplicateScan, Mergeable } from '#domain/duplicate.ts';
import { pageOf } from '#domain/page.ts';
import { loadDuplicates } from '#rules/duplicates.ts';
import { route } from './route.ts';

const settings = loadDuplicates();
const Record = z.object({ record: Mergeable.default('contact') });
const Doubles = z.object({ items: z.array(Duplicate.omit({ foundAt: true })) });

export const duplicateRoutes = [
  route('get', '/duplicates', {
    summary: 'List pairs that may be one and the same, the likeliest first, with the reasons',
    needs: 'leads:read',
    query: Record.extend({
      limit: z.coerce.number().int().min(1).max(100).default(25),
      cursor: z.string().max(500).optional(),
    }),
    reply: pageOf(Duplicate).extend({
      /** What the odds are before anything is compared, in bits: with the reasons it adds up to the score. */
      prior: z.number(),
    }),
    run: async ({ query }, scope) => ({
      ...(await listDuplicates(scope, query)),
      prior: settings[query.record].prior,
    }),
  }),

  route('get', '/duplicates/counts', {
    summary: 'Count the pairs of contacts and of companies that wait for a person',
    needs: 'leads:read',
    reply: z.object({ contact: z.int(), company: z.int() }),
    run: (_given, scope) => countDuplicates(scope),
  }),

  route('post', '/duplicates/scan', {
    summary: 'Look for duplicates among all contacts or companies; one search runs at a time',
    needs: 'leads:write',
    body: Record,
    reply: z.object({ scan: DuplicateScan }),
    status: () => 202,
    run: async ({ body }, scope) => ({ scan: await startScan(scope, body.record) }),
  }),

  route('get', '/duplicates/scan', {
    summary: 'Say how far the last search for duplicates is',
    needs: 'leads:read',
    query: Record,
    reply: z.object({ scan: DuplicateScan.nullable() }),
    run: async ({ query }, scope) => ({ scan: (await lastScan(scope, query.record)) ?? null }),
  }),

  route('post', '/duplicates/:first/:second/dismiss', {
    summary: 'Say that two are two; nobody is asked again',
    needs: 'leads:write',
    params: z.object({ first: z.uuid(), second: z.uuid() }),
    body: Record,
    reply: z.object({ dismissed: z.literal(true) }),
    run: async ({ params, body }, scope) => {
      await dismissDuplicate(scope, { ...params, ...body });
      return { dismissed: true as const };
    },
  }),

  route('get', '/contacts/:id/duplicates', {
    summary: 'Who may be the double of a contact',
    needs: 'leads:read',
    params: z.object({ id: z.uuid() }),
    reply: Doubles,
    run: async ({ params }, scope) => {
      await lockContact(scope, params.id);
      return { items: await doublesOf(scope, 'contact', params.id, settings) };
    },
  }),

  route('get', '/companies/:id/duplicates', {
    summary: 'Which companies may be the double of a company',
    needs: 'leads:read',
    params: z.object({ id: z.uuid() }),
    reply: Doubles,
    run: async ({ params }, scope) => {
      await lockCompany(scope, params.id);
      return { items: await doublesOf(scope, 'company', params.id, settings) };
    },
  }),
];
