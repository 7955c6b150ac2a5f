import { type RawBuilder, sql } from 'kysely';
import type { DealWish } from '#domain/deal-filter.ts';
import { Refusal } from '#domain/refusal.ts';
import type { GroupSums, ListSums, summedLists } from '#domain/saved-view.ts';
import { conditionsOf as dealsThat } from './deal-conditions.ts';
import { conditionsOf as leadsThat, type LeadFilter } from './lead-page.ts';
import { patternOf } from './keyset.ts';
import { lifetimeOf } from './record-columns.ts';
import type { Scope } from './scope.ts';

export type SummedList = (typeof summedLists)[number];

/** What a list can be narrowed to, as it stands in an address. */
export interface SumWish {
  list: SummedList;
  group?: string;
  q?: string;
  owner?: string;
  tag?: string;
  status?: string;
  source?: string;
  industry?: string;
  company?: string;
  view?: string;
  stale?: boolean;
  deals?: DealWish;
}

interface Group {
  key: RawBuilder<unknown>;
  label?: RawBuilder<unknown>;
}

interface Summed {
  from: RawBuilder<unknown>;
  groups: Record<string, Group>;
  sums: Record<string, RawBuilder<unknown>>;
}

const owner: Group = {
  key: sql`r.owner_id`,
  label: sql`(select name from members m where m.user_id = r.owner_id)`,
};
const status: Group = { key: sql`r.status` };
const probability = sql`coalesce(r.probability,
  (select probability from stages s where s.id = r.stage_id), 0)`;

const lists: Record<SummedList, Summed> = {
  leads: {
    from: sql`leads`,
    groups: { owner, status, source: { key: sql`r.source` }, stage: { key: sql`r.stage` } },
    sums: {
      open: sql`count(*) filter (where r.is_open)`,
      score: sql`coalesce(round(avg(r.score)), 0)`,
    },
  },
  companies: {
    from: sql`companies`,
    groups: { owner, status, industry: { key: sql`r.industry` }, region: { key: sql`r.region` } },
    sums: {
      size: sql`coalesce(sum(r.size), 0)`,
      lifetimeCents: sql`coalesce(sum(${lifetimeOf('r.id')}), 0)`,
    },
  },
  contacts: {
    from: sql`contacts`,
    groups: {
      owner,
      company: {
        key: sql`r.company_id`,
        label: sql`(select coalesce(name, domain) from companies c where c.id = r.company_id)`,
      },
      region: { key: sql`r.region` },
    },
    sums: {
      reachable: sql`count(*) filter (where r.email is not null or r.phone_e164 is not null)`,
    },
  },
  deals: {
    from: sql`deals`,
    groups: {
      ...{ owner, status, source: { key: sql`r.source` }, band: { key: sql`r.risk_band` } },
      stage: {
        key: sql`r.stage_id`,
        label: sql`(select name from stages s where s.id = r.stage_id)`,
      },
      pipeline: {
        key: sql`r.pipeline_id`,
        label: sql`(select name from pipelines p where p.id = r.pipeline_id)`,
      },
      month: { key: sql`to_char(r.expected_close_on, 'YYYY-MM')` },
    },
    sums: {
      amountCents: sql`coalesce(sum(r.amount_cents), 0)`,
      // Rounded per deal, as the board does it, so that a list adds up to what it shows.
      weightedCents: sql`coalesce(sum(round(r.amount_cents * ${probability} / 100.0)), 0)`,
    },
  },
};

/** By what a list can be grouped. */
export function groupsOf(list: SummedList): string[] {
  return Object.keys(lists[list].groups);
}

/** How many there are and what they come to, in each group and in all; one statement, so that both agree. */
export async function sumsOf(scope: Scope, wish: SumWish): Promise<ListSums> {
  const { from, groups, sums } = lists[wish.list];
  const group = wish.group === undefined ? undefined : groups[wish.group];
  if (wish.group !== undefined && !group) {
    const message = `${wish.list} are grouped by ${Object.keys(groups).join(', ')}.`;
    throw new Refusal('invalid', message, [{ field: 'group', message }]);
  }
  const key = group?.key ?? sql`null::text`;
  const named = Object.entries(sums).flatMap(([name, sum]) => [sql`${sql.lit(name)}`, sum]);
  const { rows } = await sql<Omit<GroupSums, 'label'> & { label: string | null; isTotal: boolean }>`
    with r as (select * from ${from} r where ${sql.join(thoseOf(scope, wish), sql` and `)}),
    counted as (
      select key, count(*) as count, json_build_object(${sql.join(named)}) as sums, grouping(key) = 1 as is_total
      from (select *, (${key})::text as key from r) r group by grouping sets ((key), ()))
    select key, count, sums, is_total, ${
      group?.label
        ? sql`(select ${group.label} from (select * from r where (${key})::text = counted.key limit 1) r)`
        : sql`key`
    } as label
    from counted order by count desc, key`.execute(scope.db);
  const total = rows.find(({ isTotal }) => isTotal);
  const each = rows.filter(({ isTotal }) => !isTotal);
  return {
    groups: group
      ? each.map(({ key, label, count, sums }) => ({ key, count, sums, label: label ?? key ?? '' }))
      : [],
    total: { count: total?.count ?? 0, sums: total?.sums ?? {} },
  };
}

/** The same that the list shows. */
function thoseOf({ actor }: Scope, wish: SumWish): RawBuilder<unknown>[] {
  const { list, q, tag, status, industry, company } = wish;
  if (list === 'deals') {
    const now = new Date().toISOString();
    const these = dealsThat(wish.deals ?? {}, { me: actor, now });
    return [sql`r.id in (select d.id from deals d where ${sql.join(these, sql` and `)})`];
  }
  const who = wish.owner === 'me' ? actor : wish.owner;
  const found = q?.trim() ? [sql`r.id in (select ${like(list, q)})`] : [];
  if (list === 'leads') {
    const filter = { ...wish, owner: who, limit: 1 } as LeadFilter;
    return [
      sql`r.id in (select id from leads where ${sql.join(leadsThat(filter, actor), sql` and `)})`,
      ...found,
    ];
  }
  const record = list === 'companies' ? 'company' : 'contact';
  return [
    sql`r.merged_into is null and r.deleted_at is null`,
    ...(who ? [who === 'none' ? sql`r.owner_id is null` : sql`r.owner_id = ${who}`] : []),
    ...(tag
      ? [
          sql`r.id in (select record_id from record_tags where record = ${record} and slug = ${tag})`,
        ]
      : []),
    ...(status && list === 'companies' ? [sql`r.status = ${status}`] : []),
    ...(industry && list === 'companies' ? [sql`r.industry = ${industry}`] : []),
    ...(company && list === 'contacts' ? [sql`r.company_id::text = ${company}`] : []),
    ...found,
  ];
}

const everything = 1_000_000;

function like(list: Exclude<SummedList, 'deals'>, q: string): RawBuilder<unknown> {
  return sql`${sql.id(`${list}_like`)}(${patternOf(q)}, ${everything}, null)`;
}
