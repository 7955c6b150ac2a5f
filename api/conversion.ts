import { z } from 'zod';
import { convertLead } from '#db/conversion.ts';
import { doublesOf } from '#db/duplicates.ts';
import { Conversion, Converted } from '#domain/conversion.ts';
import { Duplicate } from '#domain/duplicate.ts';
import { loadDuplicates } from '#rules/duplicates.ts';
import { route } from './route.ts';

const settings = loadDuplicates();

export const conversionRoutes = [
  route('post', '/leads/:id/convert', {
    summary: 'Make contact, company and deal of a lead; done twice or at once, it is done once',
    needs: 'deals:write',
    params: z.object({ id: z.uuid() }),
    body: Conversion.default({}),
    reply: Converted.extend({
      /** Who else this person or this company may be. */
      duplicates: z.array(Duplicate.omit({ foundAt: true })),
    }),
    status: ({ created }) => (created ? 201 : 200),
    run: async ({ params, body }, scope) => {
      const converted = await convertLead(scope, params.id, body);
      const { contactId, companyId } = converted;
      const people = await doublesOf(scope, 'contact', contactId, settings);
      const firms = companyId ? await doublesOf(scope, 'company', companyId, settings) : [];
      return { ...converted, duplicates: [...people, ...firms] };
    },
  }),
];
