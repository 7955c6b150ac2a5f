import { z } from 'zod';
import { doToRecords, idsOf } from '#db/bulk.ts';
import { takeBack } from '#db/undoing.ts';
import { CompanyBulk, ContactBulk, MOST_AT_ONCE } from '#domain/bulk.ts';
import { BulkOutcome } from '#domain/deal-bulk.ts';
import { route } from './route.ts';

const short = z.string().max(200).optional();
const CompanyFilter = z.object({
  ...{ q: short, owner: short, tag: short, industry: short, status: short },
});
const ContactFilter = z.object({
  ...{ q: short, owner: short, tag: short, company: z.uuid().optional() },
});

/** Which ones: by their ids, or all that a list narrowed like this shows. */
export function whichOf<Filter extends z.ZodObject>(filter: Filter) {
  return z
    .object({
      ids: z.array(z.uuid()).min(1).max(MOST_AT_ONCE).optional(),
      filter: filter.optional(),
    })
    .refine(({ ids, filter }) => (ids === undefined) !== (filter === undefined), {
      message: 'Give either ids or a filter.',
      path: ['ids'],
    });
}

export const bulkRoutes = [
  route('post', '/companies/bulk', {
    summary: 'Do one thing to many companies, and say to which not and why',
    needs: 'leads:write',
    body: z.intersection(whichOf(CompanyFilter), CompanyBulk),
    reply: BulkOutcome,
    run: async ({ body: { ids, filter, ...doing } }, scope) => {
      const which = ids ?? (await idsOf(scope, 'company', filter ?? {}));
      return doToRecords(scope, 'company', which, doing);
    },
  }),

  route('post', '/contacts/bulk', {
    summary: 'Do one thing to many contacts, and say to which not and why',
    needs: 'leads:write',
    body: z.intersection(whichOf(ContactFilter), ContactBulk),
    reply: BulkOutcome,
    run: async ({ body: { ids, filter, ...doing } }, scope) => {
      const which = ids ?? (await idsOf(scope, 'contact', filter ?? {}));
      return doToRecords(scope, 'contact', which, doing);
    },
  }),

  route('post', '/undo/:id', {
    summary: 'Take a change of many back; what somebody changed since stays as it is',
    needs: 'leads:write',
    params: z.object({ id: z.uuid() }),
    reply: z.object({ restored: z.int(), left: z.int() }),
    run: ({ params }, scope) => takeBack(scope, params.id),
  }),
];
