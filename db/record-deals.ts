import { sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import type { CompanyPage } from '#domain/record.ts';
import { ownerOf } from './record-columns.ts';
import type { Scope } from './scope.ts';

type Of = { companyId: string } | { contactId: string };
type Deals = Pick<CompanyPage, 'openDeals' | 'wonDeals' | 'lostDeals' | 'sums'>;

/** How many deals of each kind a page shows; the sums count all of them. */
const MOST = 50;

/** The deals of a company or of a person: the open ones, what was bought and at which prices, and the sums. */
export async function dealsOf({ db }: Scope, of: Of): Promise<Deals> {
  const mine =
    'companyId' in of ? sql`d.company_id = ${of.companyId}` : sql`d.contact_id = ${of.contactId}`;
  const { rows: deals } = await sql<CompanyPage['wonDeals'][number]>`
    with mine as (
      select d.*, row_number() over (partition by status order by coalesce(won_at, created_at) desc, id desc) as n
      from deals d where ${mine} and d.status in ('open', 'won') and d.deleted_at is null)
    select d.id, d.name, d.status, d.amount_cents, d.probability, d.expected_close_on, d.next_action, d.next_action_at,
      d.risk_band, d.source, d.stage_entered_at, d.won_at,
      round(d.amount_cents::numeric * d.probability / 100)::bigint as weighted_cents,
      json_build_object('id', s.id, 'name', s.name, 'colour', s.colour) as stage, ${ownerOf('d')} as owner,
      case when d.status = 'won' then (
        select coalesce(json_agg(json_build_object('name', l.name, 'sku', l.sku, 'quantity', l.quantity,
          'unitPriceCents', l.unit_price_cents, 'discountPercent', l.discount_percent, 'totalCents', l.total_cents)
          order by l.position, l.id), '[]') from deal_lines l where l.deal_id = d.id) else '[]' end as lines
    from mine d join stages s on s.id = d.stage_id where n <= ${MOST}
    order by coalesce(d.won_at, d.created_at) desc, d.id desc`.execute(db);
  const { rows } = await sql<Deals['sums'] & { lostDeals: number }>`
    select coalesce(sum(amount_cents) filter (where status = 'open'), 0)::bigint as open_cents,
      coalesce(sum(round(amount_cents::numeric * probability / 100)) filter (where status = 'open'), 0)::bigint
        as weighted_cents,
      coalesce(sum(amount_cents) filter (where status = 'won'), 0)::bigint as lifetime_cents,
      count(*) filter (where status = 'won') as won_deals, count(*) filter (where status = 'lost') as lost_deals
    from deals d where ${mine} and deleted_at is null`.execute(db);
  const { lostDeals, ...sums } = rows[0]!;
  return {
    openDeals: deals.filter(({ status }) => status === 'open'),
    wonDeals: deals.filter(({ status }) => status === 'won'),
    ...{ lostDeals, sums },
  };
}

/** The leads of a company or of a person, the newest first. */
export async function leadsOf({ db }: Scope, of: Of): Promise<CompanyPage['leads']> {
  const mine =
    'companyId' in of ? sql`l.company_id = ${of.companyId}` : sql`l.contact_id = ${of.contactId}`;
  const { rows } = await sql<CompanyPage['leads'][number]>`
    select l.id, l.status, l.stage, l.score, l.source, l.created_at, ${ownerOf('l')} as owner,
      coalesce(nullif(concat_ws(' ', c.first_name, c.last_name), ''), c.email, '') as contact_name
    from leads l join contacts c on c.id = l.contact_id
    where ${mine} and l.deleted_at is null and l.status <> 'spam'
    order by l.id desc limit ${MOST}`.execute(db);
  return rows;
}

/** A record that was merged away is found under the one it became. */
export async function noSuch(
  { db }: Scope,
  noun: 'company' | 'contact',
  id: string,
): Promise<Refusal> {
  const row = await db
    .selectFrom(noun === 'company' ? 'companies' : 'contacts')
    .select('mergedInto')
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row?.mergedInto) return new Refusal('not-found', `There is no such ${noun}.`);
  const message = `This ${noun} was merged into another.`;
  return new Refusal('not-found', message, [{ field: 'mergedInto', message: row.mergedInto }]);
}
