import { sql } from 'kysely';
import { ForecastRules } from '#domain/forecast-rules.ts';
import type { FactValue, RuleFacts } from '#domain/rule.ts';
import { movesOfDeals } from './deal-fact-moves.ts';
import { peopleOfDeals } from './deal-fact-people.ts';
import { nothingSaid, talkIn, talkOfDeals } from './deal-fact-talk.ts';
import { type DealRange, dealsInRange } from './deal-fact-range.ts';
import { settingsOf } from './overrides.ts';
import type { Scope } from './scope.ts';

/** A deal as rules see it: what names it, and its facts by the names of rules/facts.ts. */
export interface DealFacts {
  dealId: string;
  /** What names the same deal in another analysis. */
  subject: string;
  name: string;
  stage: string;
  stageName: string;
  owner: string | null;
  ownerId: string | null;
  company: string | null;
  companyId: string | null;
  amountCents: number | null;
  facts: RuleFacts;
}

/** From this probability on a deal is committed to. */
export const COMMIT_FROM = 80;

/**
 * A page of the deals that rules look at, in the order of their ids, with all that is known of each but what only
 * shows beside the others: open ones, and those that were closed in the last 30 days. By id, any that is not deleted.
 */
export async function dealFacts(
  scope: Scope,
  range: DealRange,
): Promise<{ deals: DealFacts[]; next: string | null }> {
  const { ids, next } = await dealsInRange(scope, range);
  if (ids.length === 0) return { deals: [], next };
  const { settings } = await settingsOf(scope, 'forecast', ForecastRules);
  const { now } = range;
  const rows = await basicsOf(scope, { ids, now, bestFrom: settings.bestFrom });
  const moves = await movesOfDeals(scope, ids, now);
  const talk = await talkOfDeals(scope, ids, now);
  const others = [...talk].flatMap(([id, { people }]) =>
    people.map((contactId) => ({ id, contactId })),
  );
  const people = await peopleOfDeals(scope, ids, others);
  const deals = rows.map(({ dealId, custom, ownFacts, ...row }): DealFacts => {
    const stageEnteredAt = Date.parse(ownFacts['stageEnteredAt'] as string);
    const said = talk.get(dealId)?.said ?? nothingSaid();
    const facts: RuleFacts = {
      ...{ name: row.name, ...without, ...ownFacts, ...moves.get(dealId), ...people.get(dealId) },
      ...{ ...talkIn(said, { stageEnteredAt, now: Date.parse(now) }), ...customFacts(custom) },
    };
    return { dealId, subject: dealId, ...row, facts };
  });
  return { deals, next };
}

/** Of a deal that never moved and that nobody is on. */
const without: RuleFacts = {
  ...{ stagesSkipped: 0, movedBackAt: null, proposalSentAt: null, discountApprovedAt: null },
  ...{ contactCount: 0, hasDecisionMaker: false, ineligibleSms: 0 },
};

interface Basics extends Omit<DealFacts, 'subject' | 'facts'> {
  ownFacts: RuleFacts;
  custom: Record<string, unknown>;
}

async function basicsOf(
  { db }: Scope,
  { ids, now, bestFrom }: { ids: string[]; now: string; bestFrom: number },
): Promise<Basics[]> {
  const { rows } = await sql<Row>`
    with batch as materialized (select * from deals where id = any(${ids}::uuid[])),
    line as (
      select deal_id, max(discount_percent)::float8 as discount from deal_lines
      where deal_id = any(${ids}::uuid[]) group by 1),
    task as (
      select deal_id, count(*) as overdue from tasks
      where deal_id = any(${ids}::uuid[]) and done_at is null and cancelled_at is null and due_at < ${now} group by 1),
    tag as (
      select record_id, array_agg(slug order by slug) as tags from record_tags
      where record = 'deal' and record_id = any(${ids}::uuid[]) group by 1),
    signed as (
      select record_id, count(*) as documents from attachments
      where record = 'deal' and record_id = any(${ids}::uuid[]) and file_name ~* ${signedName} group by 1)
    select d.id as deal_id, d.name, s.slug as stage, s.name as stage_name, d.owner_id, d.company_id,
      case when d.owner_id is not null then coalesce(m.name, 'A former member') end as owner,
      coalesce(co.name, co.domain) as company,
      case when d.line_count > 0 or d.amount_cents > 0 then d.amount_cents end as amount_cents,
      d.source, coalesce(l.source, d.campaign) as lead_source, m.user_id is not null as owner_is_active,
      coalesce(tag.tags, '{}') as tags, d.competitor, d.created_at, d.line_count,
      case when d.line_count > 0 then coalesce(line.discount, 0) end as max_discount_percent,
      s.kind as stage_kind, s.position as stage_position, s.probability as stage_probability, d.stage_entered_at,
      d.probability, abs(d.probability - s.probability) as probability_gap,
      case when d.status <> 'open' then null
        when d.left_out_because is not null or not s.is_active then 'omitted'
        when d.probability >= ${COMMIT_FROM} then 'commit' when d.probability >= ${bestFrom} then 'best_case'
        else 'pipeline' end as forecast_category,
      d.expected_close_on, d.close_pushes, d.left_out_because, d.won_at, d.lost_at, d.lost_reason,
      d.last_activity_at, d.next_action as next_step, d.next_action_at as next_step_at,
      coalesce(task.overdue, 0) as overdue_tasks, coalesce(signed.documents, 0) as signed_documents,
      d.fields as custom
    from batch d join stages s on s.id = d.stage_id
      left join members m on m.user_id = d.owner_id
      left join companies co on co.id = d.company_id
      left join leads l on l.id = d.lead_id
      left join line on line.deal_id = d.id left join task on task.deal_id = d.id
      left join tag on tag.record_id = d.id left join signed on signed.record_id = d.id
    order by d.id`.execute(db);
  return rows.map((row) => {
    const { dealId, name, company, companyId, owner, custom, ownerIsActive, ...facts } = row;
    const { stage, stageName, ownerId, amountCents } = facts;
    const shown = {
      dealId,
      name,
      stage,
      stageName,
      owner,
      ownerId,
      company,
      companyId,
      amountCents,
    };
    const isThere = ownerId === null ? null : ownerIsActive;
    const ownFacts = { ...facts, companyName: company, ownerName: owner, ownerIsActive: isThere };
    return { ...shown, custom, ownFacts };
  });
}

/** Agreements are told by what their files are called. */
const signedName = '(^|[^a-z])(counter)?signed|executed|docusign|unterschrieben|unterzeichnet';

type Row = Record<string, FactValue> &
  Omit<Basics, 'ownFacts'> & { ownerIsActive: boolean; companyId: string | null };

/** Fields that are none of ours, as `custom.<name>`. */
function customFacts(custom: Record<string, unknown>): RuleFacts {
  return Object.fromEntries(
    Object.entries(custom).map(([name, value]) => [
      `custom.${name}`,
      value === null || value === ''
        ? null
        : typeof value === 'string'
          ? value
          : JSON.stringify(value),
    ]),
  );
}
