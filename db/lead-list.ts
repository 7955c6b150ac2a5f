import { sql } from 'kysely';
import { isStale, type LeadStatus } from '#domain/lead.ts';
import type { LeadRow } from '#domain/lead-page.ts';
import { effectiveScore } from '#domain/scoring.ts';
import { companyOf, contactOf, following, leadColumns, ownerOf, tagsOf } from './lead-columns.ts';
import { inOrder } from './keyset.ts';
import { type LeadFilter, needsAction, pageOfLeads, stale } from './lead-page.ts';
import type { Scope } from './scope.ts';

/** A page of leads, and where the next one begins. `me` is whose leads `mine` are. */
export async function listLeads(
  scope: Scope,
  filter: LeadFilter,
  { me = scope.actor, now = new Date().toISOString() } = {},
): Promise<{ items: LeadRow[]; next: string | null }> {
  const { ids, next } = await pageOfLeads(scope, filter, me);
  if (ids.length === 0) return { items: [], next: null };
  const rows = await scope.db
    .selectFrom(inOrder(ids))
    .innerJoin('leads as l', 'l.id', 'page.id')
    .innerJoin('contacts as c', 'c.id', 'l.contactId')
    .leftJoin('companies as co', 'co.id', 'l.companyId')
    .select([...leadColumns, 'l.scoreBase'])
    .select([contactOf.as('contact'), companyOf.as('company'), ownerOf.as('owner')])
    .select([tagsOf.as('tags'), sql<LeadRow['enrolment']>`${following} -> 0`.as('enrolment')])
    .orderBy('page.n')
    .execute();
  return { items: rows.map((row) => shown(row, now)), next };
}

/** How many leads each view holds. */
export function countLeads({ db, actor }: Scope, me = actor) {
  return db
    .selectFrom('leads')
    .select(({ fn }) => [
      fn.countAll<number>().filterWhere('status', '<>', 'spam').as('all'),
      fn
        .countAll<number>()
        .filterWhere('ownerId', '=', me)
        .filterWhere('isOpen', '=', true)
        .as('mine'),
      fn.countAll<number>().filterWhere('status', '=', 'new').as('new'),
      fn.countAll<number>().filterWhere(stale).as('stale'),
      fn.countAll<number>().filterWhere(needsAction).as('needsAction'),
    ])
    .where('deletedAt', 'is', null)
    .executeTakeFirstOrThrow();
}

interface Found extends Omit<LeadRow, 'status' | 'stale'> {
  status: string;
  scoreBase: number | null;
}

function shown({ scoreBase, ...lead }: Found, now: string): LeadRow {
  const status = lead.status as LeadStatus;
  const score = effectiveScore(scoreBase, lead.lastActivityAt, now);
  return { ...lead, status, score, stale: isStale({ ...lead, status }, now) };
}
