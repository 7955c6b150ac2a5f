import type { Calling } from './serve.ts';

/** What of companies, contacts and tasks the stranger has. */
export interface OwnRecords {
  company: string;
  contact: string;
  task: string;
}

/** Which table's ids stand in a path of the records. */
export const recordTables = { attachments: 'attachments' };

/** Which table's ids a query may name. */
export const recordQueries = {
  ...{ contact: 'contacts', company: 'companies', deal: 'deals', actor: 'members' },
  id: 'companies',
};

/** What each route of the records takes, so that it is the id that is judged. */
export const recordBodies: Record<string, object> = {
  'post /companies/:id/tags': { slug: 'hot' },
  'post /contacts/:id/tags': { slug: 'hot' },
  'patch /companies/:id': { industry: 'mine' },
  'patch /contacts/:id': { title: 'mine' },
  'post /companies/:id/addresses': { line1: 'Mine now' },
  'patch /companies/:id/addresses/:addressId': { line1: 'Mine now' },
  'patch /tasks/:id': { title: 'Mine now' },
};

const about = { leadId: 'leads', contactId: 'contacts', companyId: 'companies', dealId: 'deals' };
type Own = OwnRecords & { lead: string; stage: string };

export const recordCases = [
  ...Object.entries(about).flatMap(([field, table]) => [
    {
      ...{ at: 'post /activities', field, table },
      body: (id: string) => ({ kind: 'note', body: 'Mine', [field]: id }),
    },
    {
      ...{ at: 'post /tasks', field, table },
      body: (id: string) => ({ title: 'Mine', [field]: id }),
    },
  ]),
  {
    ...{ at: 'post /activities', field: 'mentions', table: 'members' },
    body: (id: string, { lead }: Own) => ({ kind: 'note', leadId: lead, mentions: [id] }),
  },
  {
    ...{ at: 'patch /tasks/:id', field: 'assigneeId', table: 'members' },
    path: ({ task }: Own) => `/tasks/${task}`,
    body: (id: string) => ({ assigneeId: id }),
  },
  {
    ...{ at: 'post /companies', field: 'ownerId', table: 'members' },
    body: (id: string) => ({ name: 'Mine', ownerId: id }),
  },
  {
    ...{ at: 'patch /companies/:id', field: 'ownerId', table: 'members' },
    path: ({ company }: Own) => `/companies/${company}`,
    body: (id: string) => ({ ownerId: id }),
  },
  ...Object.entries({ companyId: 'companies', ownerId: 'members' }).flatMap(([field, table]) => [
    {
      ...{ at: 'post /contacts', field, table },
      body: (id: string) => ({ email: 'new@others.example', [field]: id }),
    },
    {
      ...{ at: 'patch /contacts/:id', field, table },
      path: ({ contact }: Own) => `/contacts/${contact}`,
      body: (id: string) => ({ [field]: id }),
    },
  ]),
  ...Object.entries({ pipelineId: 'pipelines', stageId: 'stages' }).map(([field, table]) => ({
    ...{ at: 'post /leads/:id/convert', field, table },
    path: ({ lead }: Own) => `/leads/${lead}/convert`,
    body: (id: string) => ({ [field]: id }),
  })),
  ...Object.entries({ lead: 'leads', contact: 'contacts', company: 'companies' }).map(
    ([record, table]) => ({
      ...{ at: 'post /links/classify', field: 'id', table },
      body: (id: string) => ({ url: 'https://acme.example', apply: { record, id } }),
    }),
  ),
];

/** A company, a contact and a task of the stranger. */
export async function ownRecords(stranger: Calling, lead: string): Promise<OwnRecords> {
  const company = await stranger.post('/api/companies', { name: 'Ours' });
  const contact = await stranger.post('/api/contacts', { email: 'own@others.example' });
  const task = await stranger.post('/api/tasks', { leadId: lead, title: 'Ours' });
  return {
    company: (company.body as { company: { id: string } }).company.id,
    contact: (contact.body as { contact: { id: string } }).contact.id,
    task: (task.body as { id: string }).id,
  };
}
