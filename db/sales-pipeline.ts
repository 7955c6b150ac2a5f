import { sql } from 'kysely';
import type { PipelineLine } from '#domain/deal-change.ts';
import type { Scope } from './scope.ts';

/** Every deal that is open in an active stage, as other systems read a pipeline. */
export async function salesPipeline(
  { db }: Scope,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ items: PipelineLine[]; total: number }> {
  const active = sql`from deals d join stages s on s.id = d.stage_id and s.is_active
    where d.status = 'open' and d.deleted_at is null and d.archived_at is null`;
  const { rows } = await sql<PipelineLine & { value: number }>`
    select page.*, coalesce(co.name, co.domain) as company from (
      select d.id, d.name as deal, d.amount_cents / 100.0::float8 as value, d.amount_cents as value_cents, d.status,
        s.slug as stage, d.source as platform, d.company_id ${active}
      order by d.id desc limit ${limit} offset ${offset}) page
    left join companies co on co.id = page.company_id
    order by page.id desc`.execute(db);
  const { rows: counted } = await sql<{
    total: number;
  }>`select count(*) as total ${active}`.execute(db);
  return { items: rows, total: counted[0]!.total };
}
