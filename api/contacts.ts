import { z } from 'zod';
import { getContact } from '#db/contact-detail.ts';
import { contactSorts, listContacts } from '#db/contact-list.ts';
import {
  addContact,
  changeContactRecord,
  deleteContact,
  lockContact,
} from '#db/contact-records.ts';
import { countRecords } from '#db/record-page.ts';
import { tagRecords, untagRecords } from '#db/record-tags.ts';
import type { Scope } from '#db/scope.ts';
import { timelineOfRecord } from '#db/timeline.ts';
import { ContactChange, ContactInput, ContactRow } from '#domain/contact.ts';
import { pageOf } from '#domain/page.ts';
import { ContactPage } from '#domain/record.ts';
import { Entry } from '#domain/timeline.ts';
import { route } from './route.ts';

const OneContact = z.object({ id: z.uuid() });
const Shown = z.object({ contact: ContactPage });

export const contactRoutes = [
  route('get', '/contacts', {
    summary: 'List contacts',
    needs: 'leads:read',
    query: z.object({
      q: z.string().max(200).optional(),
      owner: z.string().max(100).optional(),
      tag: z.string().max(100).optional(),
      company: z.uuid().optional(),
      sort: z.enum(contactSorts).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      cursor: z.string().max(1000).optional(),
    }),
    reply: pageOf(ContactRow),
    run: ({ query }, scope) => listContacts(scope, query),
  }),

  route('get', '/contacts/counts', {
    summary: 'Count the contacts',
    needs: 'leads:read',
    reply: z.object({ all: z.int() }),
    run: (_given, scope) => countRecords(scope, 'contacts'),
  }),

  route('post', '/contacts', {
    summary: 'Add a contact; one with the same address is refused',
    needs: 'leads:write',
    body: ContactInput,
    reply: Shown,
    status: () => 201,
    run: async ({ body }, scope) => show(scope, await addContact(scope, body)),
  }),

  route('get', '/contacts/:id', {
    summary: 'Show a contact with company, leads, deals and what they bought',
    needs: 'leads:read',
    params: OneContact,
    reply: Shown,
    run: ({ params }, scope) => show(scope, params.id),
  }),

  route('patch', '/contacts/:id', {
    summary:
      'Change a contact; an older state than the one that is there is refused with both values',
    needs: 'leads:write',
    params: OneContact,
    body: ContactChange,
    reply: Shown,
    run: async ({ params, body }, scope) => {
      await changeContactRecord(scope, params.id, body);
      return show(scope, params.id);
    },
  }),

  route('delete', '/contacts/:id', {
    summary: 'Take a contact out of every list and every sequence',
    needs: 'leads:write',
    params: OneContact,
    reply: z.object({ deleted: z.literal(true) }),
    run: async ({ params }, scope) => {
      await deleteContact(scope, params.id);
      return { deleted: true as const };
    },
  }),

  route('post', '/contacts/:id/tags', {
    summary: 'Put a tag on a contact',
    needs: 'leads:write',
    params: OneContact,
    body: z.object({ slug: z.string().min(1).max(100) }),
    reply: Shown,
    run: async ({ params: { id }, body: { slug } }, scope) => {
      await lockContact(scope, id);
      await tagRecords(scope, 'contact', { ids: [id], slug });
      return show(scope, id);
    },
  }),

  route('delete', '/contacts/:id/tags/:slug', {
    summary: 'Take a tag off a contact',
    needs: 'leads:write',
    params: OneContact.extend({ slug: z.string() }),
    reply: Shown,
    run: async ({ params: { id, slug } }, scope) => {
      await lockContact(scope, id);
      await untagRecords(scope, 'contact', { ids: [id], slug });
      return show(scope, id);
    },
  }),

  route('get', '/contacts/:id/timeline', {
    summary: 'Everything that happened with a contact, and what is promised next',
    needs: 'leads:read',
    params: OneContact,
    query: z.object({
      limit: z.coerce.number().int().min(1).max(200).default(100),
      cursor: z.string().max(200).optional(),
    }),
    reply: pageOf(Entry),
    run: ({ params: { id }, query }, scope) =>
      timelineOfRecord(scope, { record: 'contact', id }, query),
  }),
];

async function show(scope: Scope, id: string): Promise<{ contact: ContactPage }> {
  return { contact: await getContact(scope, id) };
}
