/** Where ids of others could be named by who merges, or changes many. */
interface Own {
  company: string;
  contact: string;
}

export const mergeCases = [
  ...(['companies', 'contacts'] as const).flatMap((list) => [
    {
      ...{ at: `post /${list}/bulk`, field: 'ids', table: list },
      body: (id: string) => ({ ids: [id], action: 'delete' }),
    },
    {
      ...{ at: `post /${list}/bulk`, field: 'ownerId', table: 'members' },
      body: (id: string, { company, contact }: Own) => ({
        ...{ ids: [list === 'companies' ? company : contact], action: 'assign', ownerId: id },
      }),
    },
  ]),
  {
    ...{ at: 'post /contacts/bulk', field: 'company', table: 'companies' },
    body: (id: string) => ({ filter: { company: id }, action: 'tag', slug: 'hot' }),
  },
  {
    ...{ at: 'post /contacts/bulk', field: 'companyId', table: 'companies' },
    body: (id: string, { contact }: Own) => ({
      ...{ ids: [contact], action: 'update', values: { companyId: id } },
    }),
  },
  {
    ...{ at: 'post /merges', field: 'keptId', table: 'contacts' },
    body: (id: string, { contact }: Own) => ({
      ...{ record: 'contact', keptId: id, mergedId: contact },
    }),
  },
  {
    ...{ at: 'post /merges', field: 'mergedId', table: 'contacts' },
    body: (id: string, { contact }: Own) => ({
      ...{ record: 'contact', keptId: contact, mergedId: id },
    }),
  },
];

/** Which table's ids their queries may name. */
export const mergeQueries = { kept: 'contacts', merged: 'contacts' };
