import { sql } from 'kysely';
import { lostReasons } from '#domain/deal-change.ts';
import type { Loss } from '#domain/deal-loss.ts';
import type { Scope } from './scope.ts';

const MOST_DEALS = 50;

/** Why deals were lost, however each reason is capitalised, the dearest first, with the latest deals behind each; reasons without a deal last. */
export async function lossesOf(
  { db }: Scope,
  { since, until, pipeline, owner }: LossWish,
): Promise<Loss[]> {
  const { rows } = await sql<Omit<Loss, 'reason'> & { reason: string | null }>`
    select mode() within group (order by lost_reason) as reason, count(*) as count, sum(amount_cents)::bigint as amount_cents,
      (json_agg(json_build_object('id', id, 'name', name, 'companyName', company, 'amountCents', amount_cents,
        'note', lost_note, 'ownerId', owner_id, 'stage', (
          select s.name from deal_events e join stages s on s.id = (e.before->>'stageId')::uuid
          where e.deal_id = lost.id and e.kind = 'stage_changed' and e.after->>'stageId' = lost.stage_id::text
          order by e.id desc limit 1),
        'lostAt', to_char(lost_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by lost_at desc, id desc)
        filter (where place <= ${MOST_DEALS})) as deals
    from (
      select d.*, coalesce(co.name, co.domain) as company,
        row_number() over (partition by lower(trim(coalesce(d.lost_reason, ''))) order by d.lost_at desc, d.id desc) as place
      from deals d left join companies co on co.id = d.company_id
      where d.status = 'lost' and d.deleted_at is null
        and ${since ? sql`d.lost_at >= ${since}::timestamptz` : sql`true`}
        and ${until ? sql`d.lost_at < ${until}::timestamptz` : sql`true`}
        and ${pipeline ? sql`d.pipeline_id = ${pipeline}::uuid` : sql`true`}
        and ${owner ? sql`d.owner_id = ${owner}` : sql`true`}) lost
    group by lower(trim(coalesce(lost_reason, ''))) order by amount_cents desc, count desc, reason`.execute(
    db,
  );
  const given = rows.map((row) => ({ ...row, reason: spelt(row.reason) }));
  const usual = lostReasons.filter((reason) => !given.some((row) => row.reason === reason));
  return [...given, ...usual.map((reason) => ({ reason, count: 0, amountCents: 0, deals: [] }))];
}

/** As it is usually spelt, whatever its capitals. */
function spelt(reason: string | null): string {
  const plain = reason?.trim() ?? '';
  return lostReasons.find((one) => one.toLowerCase() === plain.toLowerCase()) ?? plain;
}

export interface LossWish {
  since?: string;
  until?: string;
  pipeline?: string;
  owner?: string;
}
