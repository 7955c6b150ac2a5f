import { z } from 'zod';
import { getLead } from '#db/lead-detail.ts';
import { countLeads, listLeads } from '#db/lead-list.ts';
import { leadSorts, leadViews } from '#db/lead-page.ts';
import { receiveLeads } from '#db/leads.ts';
import type { Scope } from '#db/scope.ts';
import { Lead, LeadInput, LeadPage, LeadRow } from '#domain/lead.ts';
import { pageOf } from '#domain/page.ts';
import { Refusal } from '#domain/refusal.ts';
import { route } from './route.ts';

const OneLead = z.object({ id: z.uuid() });
const Filter = z.object({
  q: z.string().max(200).optional(),
  status: z.string().max(50).optional(),
  source: z.string().max(100).optional(),
  owner: z.string().max(100).optional(),
  tag: z.string().max(100).optional(),
  stale: z.stringbool().optional(),
  view: z.enum(leadViews).optional(),
  sort: z.enum(leadSorts).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});
const Taken = z.object({ lead: Lead, matched: z.boolean() });

/** The same for the people who are signed in and for the systems that carry a token. */
function doors(prefix: '' | '/v1') {
  const source = prefix ? 'api' : 'manual';
  return [
    route('post', `${prefix}/leads`, {
      summary: 'Take a lead: made if it is new, found if it is known',
      needs: 'leads:write',
      body: LeadInput,
      reply: Taken,
      status: ({ matched }) => (matched ? 200 : 201),
      run: ({ body }, scope) => takeLead(scope, body, source),
    }),
    route('get', `${prefix}/leads`, {
      summary: 'List leads',
      needs: 'leads:read',
      query: Filter,
      reply: pageOf(LeadRow),
      run: ({ query }, scope) => listLeads(scope, query),
    }),
    route('get', `${prefix}/leads/:id`, {
      summary: 'Show a lead with everything its page shows',
      needs: 'leads:read',
      params: OneLead,
      reply: z.object({ lead: LeadPage }),
      run: async ({ params }, scope) => ({ lead: await getLead(scope, params.id) }),
    }),
  ];
}

export const leadRoutes = [
  route('get', '/leads/counts', {
    summary: 'Count the leads of each view',
    needs: 'leads:read',
    reply: z.object({
      ...{ all: z.int(), mine: z.int(), new: z.int(), stale: z.int(), needsAction: z.int() },
    }),
    run: (_given, scope) => countLeads(scope),
  }),
  ...doors('/v1'),
  ...doors(''),
];

async function takeLead(scope: Scope, input: LeadInput, source: string) {
  const [received] = await receiveLeads(scope, [input], { source });
  if (!received) throw new Error('One lead was handed in and none came back.');
  if (received.outcome === 'rejected') {
    const { faults } = received;
    throw new Refusal('invalid', 'This lead cannot be taken.', faults);
  }
  const lead = await getLead(scope, received.leadId);
  return { lead, matched: received.outcome === 'matched' };
}
