import fc from 'fast-check';
import { sql } from 'kysely';
import { mergeRecords } from '#db/merges.ts';
import type { Scope } from '#db/scope.ts';
import type { Mergeable } from '#domain/duplicate.ts';
import { aLead } from './leads.ts';
import { dealRow } from './records.ts';

const company = 'Whitfield Freight';

/** Dana, twice. */
export async function twice(scope: Scope, first: object = {}, second: object = {}) {
  const name = { firstName: 'Dana', lastName: 'Whitfield', company };
  const kept = await contactOf(scope, { ...name, email: 'dana@whitfield.example', ...first });
  const merged = await contactOf(scope, { ...name, email: 'd.w@post.example', ...second });
  return { keptId: kept.contactId, mergedId: merged.contactId, kept, merged };
}

export async function contactOf(scope: Scope, given: object) {
  const leadId = await aLead(scope, given);
  const row = await scope.db
    .selectFrom('leads')
    .select(['contactId', 'companyId'])
    .where('id', '=', leadId)
    .executeTakeFirstOrThrow();
  return { leadId, ...row };
}

export function merge(
  scope: Scope,
  keptId: string,
  mergedId: string,
  record: Mergeable = 'contact',
) {
  return mergeRecords(scope, { record, keptId, mergedId, fields: {} });
}

export async function rowOf({ db }: Scope, id: string) {
  return db.selectFrom('contacts').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

const tablesToCompare = [
  ...(['contacts', 'companies', 'leads', 'deals', 'tasks', 'messages', 'consents'] as const),
  ...(['record_tags', 'lead_tags', 'addresses', 'attachments', 'suppressions'] as const),
];

/** Every row of what a merge may touch, as text. */
export async function everything({ db }: Scope): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {};
  for (const table of tablesToCompare) {
    const { rows } = await sql<{ row: string }>`
      select to_jsonb(t)::text as row from ${sql.table(table)} t order by 1`.execute(db);
    all[table] = rows.map(({ row }) => row);
  }
  return all;
}

export const person = fc.record(
  {
    title: fc.constantFrom('Owner', 'Driver'),
    phone: fc.constantFrom('+12125550123', '+12125550124'),
    city: fc.constantFrom('Mesa', 'Tempe'),
    company: fc.constantFrom('Whitfield Freight', 'Okafor Trucking'),
  },
  { requiredKeys: [] },
);
export const belongings = fc.record({
  deals: fc.nat(2),
  tasks: fc.nat(2),
  tags: fc.subarray(['hot', 'vip']),
  leadTags: fc.subarray(['hot', 'vip']),
  closed: fc.boolean(),
  suppressed: fc.boolean(),
  notes: fc.option(fc.constantFrom('Calls on Mondays', 'Has two sons')),
});

export async function give(
  scope: Scope,
  one: { contactId: string; companyId: string | null; leadId: string },
  has: {
    deals: number;
    tasks: number;
    tags: string[];
    leadTags: string[];
    closed: boolean;
    suppressed: boolean;
    notes: string | null;
  },
) {
  const { db, workspaceId } = scope;
  const { contactId, companyId, leadId } = one;
  const of = { contactId, ...(companyId && { companyId }) };
  for (let n = 0; n < has.deals; n += 1) await dealRow(scope, of);
  for (let n = 0; n < has.tasks; n += 1) {
    const task = { workspaceId, kind: 'call', title: 'Call', leadId, ...(n > 0 && of) };
    await db.insertInto('tasks').values(task).execute();
  }
  for (const slug of ['hot', 'vip']) {
    const tag = { workspaceId, slug, label: slug };
    await db
      .insertInto('tags')
      .values(tag)
      .onConflict((on) => on.doNothing())
      .execute();
  }
  for (const slug of has.tags) {
    const row = { workspaceId, slug, appliedBy: 'rep' };
    await db
      .insertInto('recordTags')
      .values({ ...row, record: 'contact', recordId: contactId })
      .execute();
    const there = { ...row, record: 'company', recordId: companyId ?? contactId };
    await db
      .insertInto('recordTags')
      .values(there)
      .onConflict((on) => on.doNothing())
      .execute();
  }
  for (const slug of has.leadTags) {
    await db
      .insertInto('leadTags')
      .values({ workspaceId, leadId, slug, appliedBy: 'rep' })
      .execute();
  }
  if (companyId) {
    const address = { workspaceId, companyId, kind: 'billing', line1: '1 Main St' };
    await sql`insert into addresses (workspace_id, company_id, kind, line1, is_default)
      select ${workspaceId}::uuid, ${companyId}::uuid, ${address.kind}, ${address.line1},
        not exists (select from addresses where company_id = ${companyId} and is_default)`.execute(
      db,
    );
  }
  const file = {
    fileName: 'a.pdf',
    mediaType: 'application/pdf',
    bytes: 1,
    blob: 'x',
    createdBy: 'rep',
  };
  await db
    .insertInto('attachments')
    .values({ workspaceId, record: 'contact', recordId: contactId, ...file })
    .execute();
  if (has.closed)
    await sql`update leads set status = 'unqualified' where id = ${leadId}`.execute(db);
  if (has.notes)
    await sql`update contacts set notes = ${has.notes} where id = ${contactId}`.execute(db);
  if (has.suppressed) {
    await sql`insert into suppressions (workspace_id, channel, address, reason, source)
      select workspace_id, 'email', email_normalized, 'bounced', 'bounce' from contacts where id = ${contactId}`.execute(
      db,
    );
  }
}
