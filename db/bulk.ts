import { type CompanyBulk, type ContactBulk, MOST_AT_ONCE } from '#domain/bulk.ts';
import type { BulkOutcome } from '#domain/deal-bulk.ts';
import { Refusal } from '#domain/refusal.ts';
import { changeCompany, deleteCompany } from './company-changes.ts';
import { type CompanyFilter, listCompanies } from './company-list.ts';
import { type ContactFilter, listContacts } from './contact-list.ts';
import { changeContactRecord, deleteContact } from './contact-records.ts';
import { type LeadFilter, pageOfLeads } from './lead-page.ts';
import { refuseUnknown } from './named.ts';
import { tryOut } from './race.ts';
import { tagRecords, untagRecords } from './record-tags.ts';
import type { Scope } from './scope.ts';
import { tableOf, withUndo } from './undos.ts';

type Narrowed = Omit<LeadFilter & CompanyFilter & ContactFilter, 'limit' | 'cursor' | 'sort'>;

/** Does one thing to many companies or contacts; what is refused to one is done to the others, and all can be undone. */
export async function doToRecords(
  scope: Scope,
  record: 'company' | 'contact',
  ids: string[],
  doing: CompanyBulk | ContactBulk,
): Promise<BulkOutcome> {
  if (doing.action === 'assign') await refuseUnknown(scope, 'members', doing.ownerId, 'ownerId');
  // In one order, so that two who do something to the same records never wait for each other for ever.
  const asked = [...new Set(ids)].toSorted();
  const there = await living(scope, record, asked);
  const refused = asked
    .filter((id) => !there.includes(id))
    .map((id) => ({ id, because: `There is no such ${record}.` }));
  const { done, undoId } = await withUndo(scope, { record, what: doing.action, ids: there }, () =>
    doToAll(scope, record, there, doing),
  );
  refused.push(...done);
  return { count: asked.length - refused.length, refused, undoId };
}

/** The ids that a list narrowed like this shows; more than can be done at once are refused. */
export async function idsOf(
  scope: Scope,
  record: 'lead' | 'company' | 'contact',
  filter: Narrowed,
): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const wish = { ...filter, limit: 200, ...(cursor && { cursor }) };
    const page = await pageOf(scope, record, wish);
    ids.push(...page.ids);
    cursor = page.next ?? undefined;
  } while (cursor && ids.length <= MOST_AT_ONCE);
  if (ids.length <= MOST_AT_ONCE) return ids;
  const message = `More than ${MOST_AT_ONCE} are meant. Narrow it down.`;
  throw new Refusal('invalid', message, [{ field: 'filter', message }]);
}

async function pageOf(
  scope: Scope,
  record: 'lead' | 'company' | 'contact',
  wish: Narrowed & { limit: number; cursor?: string },
): Promise<{ ids: string[]; next: string | null }> {
  if (record === 'lead') return pageOfLeads(scope, wish, scope.actor);
  const list = record === 'company' ? listCompanies : listContacts;
  const { items, next } = await list(scope, wish);
  return { ids: items.map(({ id }) => id), next };
}

type Refused = BulkOutcome['refused'];

async function doToAll(
  scope: Scope,
  record: 'company' | 'contact',
  ids: string[],
  doing: CompanyBulk | ContactBulk,
): Promise<Refused> {
  if (doing.action === 'tag' || doing.action === 'untag') {
    const put = doing.action === 'tag' ? tagRecords : untagRecords;
    await put(scope, record, { ids, slug: doing.slug });
    return [];
  }
  const refused: Refused = [];
  for (const id of ids) {
    const tried = await tryOut(scope, () => doToOne(scope, record, id, doing));
    if (tried.is === 'done') continue;
    if (!(tried.error instanceof Refusal)) throw tried.error;
    refused.push({ id, because: tried.error.faults[0]?.message ?? tried.error.message });
  }
  return refused;
}

function doToOne(
  scope: Scope,
  record: 'company' | 'contact',
  id: string,
  doing: Exclude<CompanyBulk | ContactBulk, { action: 'tag' | 'untag' }>,
): Promise<void> {
  const isCompany = record === 'company';
  if (doing.action === 'delete') return (isCompany ? deleteCompany : deleteContact)(scope, id);
  const change = doing.action === 'assign' ? { ownerId: doing.ownerId } : doing.values;
  return (isCompany ? changeCompany : changeContactRecord)(scope, id, change);
}

async function living(
  { db }: Scope,
  record: 'company' | 'contact',
  ids: string[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom(tableOf[record])
    .select('id')
    .where('id', 'in', ids)
    .where('mergedInto', 'is', null)
    .where('deletedAt', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}
