import { sql } from 'kysely';
import type { Alerts } from '#domain/alert.ts';
import { listInsights } from './insights.ts';
import type { Scope } from './scope.ts';

interface Band {
  band: string;
  count: number;
  cents: number;
  weight: number;
  health: number;
}

/** How many deals and alerts are named. */
const MOST = 20;

/** The deals at risk and what is critical, with how many and how much. */
export async function alertsOf(scope: Scope, now: string): Promise<Alerts> {
  const { rows: bands } = await sql<Band>`
    select risk_band as band, count(*)::int as count, sum(amount_cents)::bigint as cents,
      sum(greatest(amount_cents, 1))::float as weight, sum(greatest(amount_cents, 1)::float * health_score) as health
    from deals where status = 'open' and deleted_at is null and risk_band is not null
    group by 1`.execute(scope.db);
  const { rows: deals } = await sql<Alerts['atRisk']['deals'][number]>`
    select d.id, d.name, d.amount_cents, d.owner_id, d.risk_score, d.health_score,
      (select f->>'because' from jsonb_array_elements(d.risk_factors) f
       order by (f->>'contribution')::real desc limit 1) as because
    from deals d where d.status = 'open' and d.deleted_at is null and d.risk_band = 'high'
    order by d.risk_score desc, d.id limit ${MOST}`.execute(scope.db);
  const { counts, insights } = await listInsights(scope, { now, limit: MOST });
  function sumOf(band: string) {
    const { count = 0, cents = 0 } = bands.find((one) => one.band === band) ?? {};
    return { count, amountCents: cents };
  }
  const weight = bands.reduce((all, band) => all + band.weight, 0);
  const health = bands.reduce((all, band) => all + band.health, 0);
  return {
    pipelineHealth: weight > 0 ? Math.round(health / weight) : null,
    atRisk: { ...sumOf('high'), deals },
    bands: { low: sumOf('low'), medium: sumOf('medium'), high: sumOf('high') },
    counts,
    alerts: insights.filter(({ severity }) => severity === 'critical'),
  };
}
