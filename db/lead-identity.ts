import { type Selectable, sql } from 'kysely';
import type { Arrival } from '#domain/arrival.ts';
import { openStatuses, searchTextOf } from '#domain/lead.ts';
import type { KnownCompany } from './companies.ts';
import type { KnownContact } from './contacts.ts';
import { fill, fillRows, insertRows, type Known, known } from './rows.ts';
import type { Leads } from './schema.ts';
import type { Scope } from './scope.ts';

export type KnownLead = Known<'leads'>;

/** One arrival with all that was found or made for it. */
export interface Settled {
  arrival: Arrival;
  company: KnownCompany | undefined;
  contact: KnownContact;
  lead: KnownLead;
  /** Whether it is this arrival that made the lead. */
  isFirst: boolean;
}

type Row = Partial<Selectable<Leads>>;
type Party = Omit<Settled, 'lead' | 'isFirst'>;

/** The lead of each party, found or made: as its source calls it, else the open lead of that contact. */
export async function settleLeads(
  scope: Scope,
  parties: Party[],
  mayEnter: boolean,
): Promise<Settled[]> {
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const byExternal = await leadsByExternal(
      scope,
      parties.map(({ arrival }) => arrival),
    );
    const byContact = await leadsByContact(scope, parties);
    const settled = parties.map((party) => settle(party, { byExternal, byContact }));
    if (!(await insertNew(scope, settled, mayEnter))) continue;
    await fillOld(scope, settled);
    return settled;
  }
  throw new Error('Leads keep appearing under other names.');
}

/** The leads that sources already call as these arrivals are called. */
export async function leadsByExternal(
  { db }: Scope,
  arrivals: Arrival[],
): Promise<Map<string | undefined, KnownLead & { contactId: string }>> {
  const ids = arrivals.flatMap(({ externalId }) => externalId ?? []);
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('leads')
    .select(columns)
    .where(sql<boolean>`external_id = any(${ids})`)
    .where('deletedAt', 'is', null)
    .execute();
  return new Map(
    rows.map((row) => [externalOf(row), { ...known<'leads'>(row), contactId: row.contactId }]),
  );
}

/** What its source calls it; nothing when it does not. */
export function externalOf({
  source,
  externalId,
}: Pick<Row, 'source'> & { externalId?: string | null }) {
  return externalId ? `${source} ${externalId}` : undefined;
}

const columns = [
  ...(['id', 'contactId', 'companyId', 'source'] as const),
  ...(['externalId', 'campaign', 'notes'] as const),
] as const;

interface Shelves {
  byExternal: Map<string | undefined, KnownLead>;
  byContact: Map<string, KnownLead>;
}

/** The open lead of each contact; one that arrives closed is whatever lead that contact has. */
async function leadsByContact({ db }: Scope, parties: Party[]): Promise<Map<string, KnownLead>> {
  const ids = parties.map(({ contact }) => contact.row.id!);
  const closed = parties
    .filter(({ arrival }) => !openStatuses.includes(arrival.status))
    .map(({ contact }) => contact.row.id!);
  const rows = await db
    .selectFrom('leads')
    .select(columns)
    .where(sql<boolean>`contact_id = any(${ids}::uuid[])`)
    .where('deletedAt', 'is', null)
    .where(sql<boolean>`(is_open or contact_id = any(${closed}::uuid[]))`)
    .orderBy('isOpen')
    .orderBy('id')
    .execute();
  return new Map(rows.map((row) => [row.contactId, known<'leads'>(row)]));
}

function settle(party: Party, { byExternal, byContact }: Shelves): Settled {
  const { arrival, contact, company } = party;
  const external = externalOf(arrival);
  const found = (external && byExternal.get(external)) ?? byContact.get(contact.row.id!);
  const lead = found || known<'leads'>({}, true);
  const { source, externalId, campaign, notes } = arrival;
  const isSameSource = !lead.row.source || lead.row.source === source;
  fill(lead, {
    ...{ source, campaign, notes, contactId: contact.row.id, companyId: company?.row.id },
    ...(isSameSource ? { externalId } : {}),
  });
  if (external && isSameSource) byExternal.set(external, lead);
  if (!found) byContact.set(contact.row.id!, lead);
  return { ...party, lead, isFirst: !found };
}

async function insertNew(scope: Scope, settled: Settled[], mayEnter: boolean): Promise<boolean> {
  const fresh = settled.filter(({ isFirst }) => isFirst);
  const inserted = await insertRows(
    scope,
    'leads',
    fresh.map(({ arrival, contact, company, lead }) => ({
      ...{ workspaceId: scope.workspaceId, mayEnter },
      ...{ contactId: contact.row.id!, companyId: company?.row.id ?? null },
      ...{ status: arrival.status, source: arrival.source, campaign: lead.row.campaign ?? null },
      ...{ externalId: lead.row.externalId ?? null, notes: lead.row.notes ?? null },
      ...{ fields: arrival.fields ?? {}, flags: arrival.flags },
      search: searchTextOf({ ...contact.row, company: company?.row }),
    })) as never,
    ['id', 'contactId'],
  );
  const ids = new Map(inserted.map((row) => [row.contactId, row.id]));
  for (const { lead } of fresh) lead.row.id = ids.get(lead.row.contactId!);
  return inserted.length === fresh.length;
}

/** What a lead that was there lacked: its columns, its own fields, and the words it is found by. */
async function fillOld(scope: Scope, settled: Settled[]): Promise<void> {
  const old = settled.filter(({ isFirst }) => !isFirst);
  if (old.length === 0) return;
  await fillRows(scope, 'leads', [...new Set(old.map(({ lead }) => lead))]);
  const fields = new Map<string, Record<string, unknown>>();
  for (const { arrival, lead } of old) {
    fields.set(lead.row.id!, { ...arrival.fields, ...fields.get(lead.row.id!) });
  }
  await sql`
    update leads old set
      fields = new.fields || old.fields, updated_at = now(), last_activity_at = now(),
      search = lower(concat_ws(' ', c.first_name, c.last_name, c.email, c.phone, c.phone_e164, co.name, co.domain))
    from unnest(${[...fields.keys()]}::uuid[], ${[...fields.values()].map((one) => JSON.stringify(one))}::jsonb[])
        new (id, fields)
      join leads l using (id) join contacts c on c.id = l.contact_id
      left join companies co on co.id = l.company_id
    where old.id = new.id`.execute(scope.db);
}
