import { z } from 'zod';
import { idsOf } from '#db/bulk.ts';
import { doToMany } from '#db/lead-bulk.ts';
import { addNote, changeLead } from '#db/lead-changes.ts';
import { getLead } from '#db/lead-detail.ts';
import { funnelOf } from '#db/lead-funnel.ts';
import { countLeads, listLeads } from '#db/lead-list.ts';
import { leadSorts, leadSteps, leadViews } from '#db/lead-page.ts';
import { receiveLeads } from '#db/leads.ts';
import type { Scope } from '#db/scope.ts';
import { applyTags, removeTag } from '#db/tags.ts';
import { timelineOf } from '#db/timeline.ts';
import { LeadBulk } from '#domain/bulk.ts';
import { BulkOutcome } from '#domain/deal-bulk.ts';
import { LeadChange, LeadInput } from '#domain/lead.ts';
import { LeadPage, LeadRow } from '#domain/lead-page.ts';
import { pageOf } from '#domain/page.ts';
import { Refusal } from '#domain/refusal.ts';
import { Entry } from '#domain/timeline.ts';
import { whichOf } from './bulk.ts';
import { route } from './route.ts';

const OneLead = z.object({ id: z.uuid() });
const Shown = z.object({ lead: LeadPage });

const Filter = z.object({
  q: z.string().max(200).optional(),
  status: z.string().max(50).optional(),
  source: z.string().max(100).optional(),
  owner: z.string().max(100).optional(),
  tag: z.string().max(100).optional(),
  stale: z.stringbool().optional(),
  view: z.enum(leadViews).optional(),
  createdAfter: z.iso.date().optional(),
  reached: z.enum(leadSteps).optional(),
  sort: z.enum(leadSorts).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});

const Narrowed = Filter.omit({ sort: true, limit: true, cursor: true, stale: true });

/** The same for the people who are signed in and for the systems that carry a token. */
function doors(prefix: '' | '/v1') {
  const source = prefix ? 'api' : 'manual';
  return [
    route('post', `${prefix}/leads`, {
      summary: 'Take a lead: made if it is new, found if it is known',
      needs: 'leads:write',
      body: LeadInput,
      reply: z.object({ lead: LeadPage, matched: z.boolean() }),
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
      reply: Shown,
      run: ({ params }, scope) => show(scope, params.id),
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

  route('get', '/leads/funnel', {
    summary: 'Count how far leads came, by the history of their statuses',
    needs: 'leads:read',
    reply: z.object({
      ...{ new: z.int(), contacted: z.int(), qualified: z.int(), converted: z.int(), won: z.int() },
    }),
    run: (_given, scope) => funnelOf(scope),
  }),

  route('post', '/leads/bulk', {
    summary: 'Do one thing to many leads; each says what became of it',
    needs: 'leads:write',
    body: z.intersection(whichOf(Narrowed), LeadBulk),
    reply: BulkOutcome.extend({
      items: z.array(
        z.object({
          ...{ leadId: z.uuid(), enrolmentId: z.uuid().optional() },
          refused: z.string().optional(),
        }),
      ),
    }),
    run: async ({ body: { ids, filter, ...doing } }, scope) =>
      doToMany(scope, ids ?? (await idsOf(scope, 'lead', filter ?? {})), doing),
  }),

  ...doors('/v1'),
  ...doors(''),

  route('patch', '/leads/:id', {
    summary: 'Change a lead where it stands; an older state than the one that is there is refused',
    needs: 'leads:write',
    params: OneLead,
    body: LeadChange,
    reply: Shown,
    run: async ({ params, body }, scope) => {
      await changeLead(scope, params.id, body);
      return show(scope, params.id);
    },
  }),

  route('get', '/leads/:id/timeline', {
    summary: 'Everything that happened to a lead, and what is promised to it next',
    needs: 'leads:read',
    params: OneLead,
    query: z.object({
      limit: z.coerce.number().int().min(1).max(200).default(100),
      cursor: z.string().max(200).optional(),
    }),
    reply: pageOf(Entry),
    run: ({ params, query }, scope) => timelineOf(scope, params.id, query),
  }),

  route('post', '/leads/:id/tags', {
    summary: 'Put a tag on a lead; what it does follows at once',
    needs: 'leads:write',
    params: OneLead,
    body: z.object({ slug: z.string().min(1).max(100) }),
    reply: Shown,
    run: async ({ params, body }, scope) => {
      await getLead(scope, params.id);
      await applyTags(scope, [{ leadId: params.id, slug: body.slug }]);
      return show(scope, params.id);
    },
  }),

  route('delete', '/leads/:id/tags/:slug', {
    summary: 'Take a tag off a lead',
    needs: 'leads:write',
    params: OneLead.extend({ slug: z.string() }),
    reply: Shown,
    run: async ({ params }, scope) => {
      await getLead(scope, params.id);
      await removeTag(scope, params.id, params.slug);
      return show(scope, params.id);
    },
  }),

  route('post', '/leads/:id/notes', {
    summary: 'Write a note on a lead',
    needs: 'leads:write',
    params: OneLead,
    body: z.object({ text: z.string().trim().min(1).max(20_000) }),
    reply: Shown,
    status: () => 201,
    run: async ({ params, body }, scope) => {
      await addNote(scope, params.id, body.text);
      return show(scope, params.id);
    },
  }),
];

async function takeLead(scope: Scope, input: LeadInput, source: string) {
  const [received] = await receiveLeads(scope, [input], { source });
  if (!received) throw new Error('One lead was handed in and none came back.');
  if (received.outcome === 'rejected') {
    throw new Refusal('invalid', 'This lead cannot be taken.', received.faults);
  }
  return { ...(await show(scope, received.leadId)), matched: received.outcome === 'matched' };
}

async function show(scope: Scope, id: string): Promise<{ lead: LeadPage }> {
  return { lead: await getLead(scope, id) };
}
