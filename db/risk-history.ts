import { sql } from 'kysely';
import type { RiskFactor } from '#domain/deal.ts';
import { adviceOf } from '#domain/advice.ts';
import { Refusal } from '#domain/refusal.ts';
import { type DealRisk, movesBetween, type RiskLine } from '#domain/risk-history.ts';
import type { Scope } from './scope.ts';

type Line = RiskLine & { factors: RiskFactor[] };

/** How many moves of a risk are shown. */
const MOST = 200;

/** A deal's risk now, or as it was at the end of a day of the workspace, and everything that moved it. */
export async function riskOfDeal(scope: Scope, dealId: string, on?: string): Promise<DealRisk> {
  const deal = await dealOf(scope, dealId);
  const now = riskNow(deal);
  const history = await linesOf(scope, dealId);
  const risk = on === undefined ? now : await riskOn(scope, dealId, on);
  return {
    ...{ dealId, on: on ?? null, risk, now },
    advice: now && deal.status === 'open' ? adviceOf({ ...deal, factors: now.factors }) : [],
    moves: risk && now ? movesBetween(risk.factors, now.factors) : [],
    history: history.map(({ factors: _factors, ...line }) => line),
  };
}

async function dealOf({ db }: Scope, dealId: string) {
  const deal = await db
    .selectFrom('deals')
    .select(['riskScore', 'riskBand', 'riskFactors', 'healthScore', 'assessedAt', 'status'])
    .select(['contactId', 'nextAction', 'nextActionAt', 'expectedCloseOn', 'closePushes'])
    .select(sql<string>`(select (now() at time zone time_zone)::date from workspaces)`.as('today'))
    .where('id', '=', dealId)
    .where('deletedAt', 'is', null)
    .executeTakeFirst();
  if (!deal) throw new Refusal('not-found', 'There is no such deal.');
  return deal;
}

function riskNow(deal: Awaited<ReturnType<typeof dealOf>>): DealRisk['now'] {
  if (deal.riskScore === null) return null;
  return {
    ...{ score: deal.riskScore, band: deal.riskBand as 'low', health: deal.healthScore! },
    ...{ factors: deal.riskFactors as unknown as RiskFactor[], at: deal.assessedAt! },
  };
}

/** The last line before the day ended; nothing when the deal was won or lost by then. */
async function riskOn({ db }: Scope, dealId: string, on: string): Promise<DealRisk['risk']> {
  const { rows } = await sql<Line>`
    select r.score, r.band, r.health, r.factors, r.at
    from workspaces w cross join lateral (
        select ((${on}::date + 1)::timestamp at time zone w.time_zone) as at) day
      join deals d on d.id = ${dealId}
      join deal_risks r on r.deal_id = d.id and r.at < day.at
    where coalesce(d.won_at, d.lost_at, 'infinity') >= day.at
    order by r.at desc, r.id desc limit 1`.execute(db);
  return rows[0] ?? null;
}

async function linesOf({ db }: Scope, dealId: string): Promise<Line[]> {
  const lines = await db
    .selectFrom('dealRisks')
    .select(['score', 'band', 'health', 'factors', 'at', 'because'])
    .where('dealId', '=', dealId)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(MOST)
    .execute();
  return lines as unknown as Line[];
}
