import { type Kysely, sql } from 'kysely';
import type { LeadScore } from '#domain/lead-score.ts';
import { Refusal } from '#domain/refusal.ts';
import { DECAY, effectiveScore } from '#domain/scoring.ts';
import { changed } from './changes.ts';
import { gatherLater } from './outbox.ts';
import type { DB } from './schema.ts';
import { inWorkspace, type Scope } from './scope.ts';

/** How many leads are refreshed in one transaction. */
const BATCH = 5000;
/** How many scores of a lead are shown. */
const MOST = 200;

export interface Refreshed {
  /** How many scores moved. */
  moved: number;
  /** How many will be scored anew, for something they did since. */
  rescored: number;
}

/**
 * Brings the scores of a workspace's open leads to what they are worth now: silence takes points, an activity gives
 * them back. Only what moved is written, with a line of its history. Leads that opened or clicked since they were
 * scored go through intake again. For schedules: takes the bare connection.
 */
export async function refreshScores(
  db: Kysely<DB>,
  { workspaceId, now }: { workspaceId: string; now: string },
): Promise<Refreshed> {
  const who = { workspaceId, actor: 'engine' };
  const rescored = await inWorkspace(db, who, (scope) => scoreAnew(scope, now));
  let moved = 0;
  for (let after: string | undefined; ;) {
    const batch = await inWorkspace(db, who, (scope) => refresh(scope, now, after));
    moved += batch.moved;
    if (!batch.last) return { moved, rescored };
    after = batch.last;
  }
}

async function refresh(
  scope: Scope,
  now: string,
  after = '00000000-0000-0000-0000-000000000000',
): Promise<{ moved: number; last: string | null }> {
  const { db, workspaceId } = scope;
  const { rows } = await sql<{ moved: number; last: string | null }>`
    with batch as materialized (
      select id, score as was, idle, effective
      from leads
        cross join lateral (
          select floor(extract(epoch from ${now}::timestamptz - last_activity_at) / 86400)::int as idle) silence
        cross join lateral (
          select greatest(0, score_base - ${DECAY.perDay}::int * greatest(0, idle - ${DECAY.afterDays}::int))
            as effective) worth
      where is_open and deleted_at is null and score_base is not null and id > ${after}
        and score is distinct from effective
      order by id limit ${BATCH} for no key update of leads),
    moved as (
      update leads l set score = b.effective from batch b where l.id = b.id
      returning l.id, l.score, l.score_base, l.score_factors, b.idle, b.was),
    told as (
      insert into lead_scores (workspace_id, lead_id, score, base, factors, because, at)
      select ${workspaceId}, id, score, score_base, score_factors,
        case when score < coalesce(was, score_base) then 'No activity for ' || idle || ' days' else 'Active again' end,
        ${now}
      from moved)
    select count(*)::int as moved,
      case when count(*) = ${BATCH}::int then (select max(id::text) from batch) end as last
    from moved`.execute(db);
  if (rows[0]!.moved > 0) changed(scope, 'leads');
  return rows[0]!;
}

/** Whoever opened or clicked something since they were scored is worth another look. */
async function scoreAnew(scope: Scope, now: string): Promise<number> {
  const { rows } = await sql<{ id: string }>`
    select distinct l.id from activities a join leads l on l.id = a.lead_id
    where a.kind in ('mail_opened', 'link_clicked') and a.id >= first_uuid(${now}::timestamptz - interval '1 day')
      and a.at > l.scored_at and l.is_open and l.deleted_at is null`.execute(scope.db);
  const ids = rows.map(({ id }) => id);
  if (ids.length > 0) await gatherLater(scope, 'leadIntake', ids);
  return ids.length;
}

/** What a lead's score is made of and what it was. */
export async function scoreOfLead(
  { db }: Scope,
  leadId: string,
  now: string,
): Promise<Omit<LeadScore, 'target' | 'changes' | 'isReachable'>> {
  const lead = await db
    .selectFrom('leads')
    .select(['scoreBase', 'scoreFactors', 'scoredAt', 'lastActivityAt'])
    .where('id', '=', leadId)
    .where('deletedAt', 'is', null)
    .executeTakeFirst();
  if (!lead) throw new Refusal('not-found', 'There is no such lead.');
  const history = await db
    .selectFrom('leadScores')
    .select(['at', 'score', 'base', 'because'])
    .where('leadId', '=', leadId)
    .orderBy('id', 'desc')
    .limit(MOST)
    .execute();
  const { scoreBase: base, scoredAt, lastActivityAt } = lead;
  const score = effectiveScore(base, lastActivityAt, now);
  const idle = Math.floor((Date.parse(now) - Date.parse(lastActivityAt)) / (24 * 60 * 60 * 1000));
  return {
    ...{ leadId, score, base, scoredAt, history },
    factors: lead.scoreFactors as unknown as LeadScore['factors'],
    decay: { ...DECAY, idleDays: Math.max(0, idle), points: (base ?? 0) - (score ?? 0) },
  };
}
