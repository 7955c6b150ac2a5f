import { z } from 'zod';
import { addAddress, changeAddress, listAddresses, removeAddress } from '#db/addresses.ts';
import { addCompany, changeCompany, deleteCompany, lockCompany } from '#db/company-changes.ts';
import { getCompany } from '#db/company-detail.ts';
import { companySorts, listCompanies } from '#db/company-list.ts';
import { countRecords } from '#db/record-page.ts';
import { tagRecords, untagRecords } from '#db/record-tags.ts';
import type { Scope } from '#db/scope.ts';
import { timelineOfRecord } from '#db/timeline.ts';
import { Address, AddressChange, AddressInput } from '#domain/address.ts';
import { CompanyChange, CompanyInput, CompanyRow } from '#domain/company.ts';
import { pageOf } from '#domain/page.ts';
import { CompanyPage } from '#domain/record.ts';
import { Entry } from '#domain/timeline.ts';
import { route } from './route.ts';

const OneCompany = z.object({ id: z.uuid() });
const Shown = z.object({ company: CompanyPage });

export const companyRoutes = [
  route('get', '/companies', {
    summary: 'List companies',
    needs: 'leads:read',
    query: z.object({
      q: z.string().max(200).optional(),
      owner: z.string().max(100).optional(),
      tag: z.string().max(100).optional(),
      industry: z.string().max(300).optional(),
      status: z.string().max(60).optional(),
      sort: z.enum(companySorts).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
      cursor: z.string().max(1000).optional(),
    }),
    reply: pageOf(CompanyRow),
    run: ({ query }, scope) => listCompanies(scope, query),
  }),

  route('get', '/companies/counts', {
    summary: 'Count the companies',
    needs: 'leads:read',
    reply: z.object({ all: z.int() }),
    run: (_given, scope) => countRecords(scope, 'companies'),
  }),

  route('post', '/companies', {
    summary: 'Add a company; one that is here already is named instead',
    needs: 'leads:write',
    body: CompanyInput,
    reply: Shown,
    status: () => 201,
    run: async ({ body }, scope) => show(scope, await addCompany(scope, body)),
  }),

  route('get', '/companies/:id', {
    summary: 'Show a company with its people, deals, purchases, leads, addresses and health',
    needs: 'leads:read',
    params: OneCompany,
    reply: Shown,
    run: ({ params }, scope) => show(scope, params.id),
  }),

  route('patch', '/companies/:id', {
    summary:
      'Change a company; an older state than the one that is there is refused with both values',
    needs: 'leads:write',
    params: OneCompany,
    body: CompanyChange,
    reply: Shown,
    run: async ({ params, body }, scope) => {
      await changeCompany(scope, params.id, body);
      return show(scope, params.id);
    },
  }),

  route('delete', '/companies/:id', {
    summary: 'Take a company out of every list',
    needs: 'leads:write',
    params: OneCompany,
    reply: z.object({ deleted: z.literal(true) }),
    run: async ({ params }, scope) => {
      await deleteCompany(scope, params.id);
      return { deleted: true as const };
    },
  }),

  route('post', '/companies/:id/tags', {
    summary: 'Put a tag on a company',
    needs: 'leads:write',
    params: OneCompany,
    body: z.object({ slug: z.string().min(1).max(100) }),
    reply: Shown,
    run: async ({ params: { id }, body: { slug } }, scope) => {
      await lockCompany(scope, id);
      await tagRecords(scope, 'company', { ids: [id], slug });
      return show(scope, id);
    },
  }),

  route('delete', '/companies/:id/tags/:slug', {
    summary: 'Take a tag off a company',
    needs: 'leads:write',
    params: OneCompany.extend({ slug: z.string() }),
    reply: Shown,
    run: async ({ params: { id, slug } }, scope) => {
      await lockCompany(scope, id);
      await untagRecords(scope, 'company', { ids: [id], slug });
      return show(scope, id);
    },
  }),

  route('get', '/companies/:id/addresses', {
    summary: 'List the addresses of a company, with those that invoices and parcels go to',
    needs: 'leads:read',
    params: OneCompany,
    reply: pageOf(Address),
    run: async ({ params }, scope) => {
      await lockCompany(scope, params.id);
      return listed(await listAddresses(scope, params.id));
    },
  }),

  route('post', '/companies/:id/addresses', {
    summary: 'Add an address to a company',
    needs: 'leads:write',
    params: OneCompany,
    body: AddressInput,
    reply: pageOf(Address),
    status: () => 201,
    run: async ({ params, body }, scope) => listed(await addAddress(scope, params.id, body)),
  }),

  route('patch', '/companies/:id/addresses/:addressId', {
    summary: 'Change an address of a company, or make it the default of its kind',
    needs: 'leads:write',
    params: OneCompany.extend({ addressId: z.uuid() }),
    body: AddressChange,
    reply: pageOf(Address),
    run: async ({ params: { id: companyId, addressId: id }, body }, scope) =>
      listed(await changeAddress(scope, { companyId, id }, body)),
  }),

  route('delete', '/companies/:id/addresses/:addressId', {
    summary: 'Take an address off a company',
    needs: 'leads:write',
    params: OneCompany.extend({ addressId: z.uuid() }),
    reply: pageOf(Address),
    run: async ({ params: { id: companyId, addressId: id } }, scope) =>
      listed(await removeAddress(scope, { companyId, id })),
  }),

  route('get', '/companies/:id/timeline', {
    summary: 'Everything that happened with a company, and what is promised next',
    needs: 'leads:read',
    params: OneCompany,
    query: z.object({
      limit: z.coerce.number().int().min(1).max(200).default(100),
      cursor: z.string().max(200).optional(),
    }),
    reply: pageOf(Entry),
    run: ({ params: { id }, query }, scope) =>
      timelineOfRecord(scope, { record: 'company', id }, query),
  }),
];

async function show(scope: Scope, id: string): Promise<{ company: CompanyPage }> {
  return { company: await getCompany(scope, id) };
}

function listed<T>(items: T[]): { items: T[]; next: null } {
  return { items, next: null };
}
