import { sql } from 'kysely';
import type { LeftOutReason } from '#domain/forecast.ts';
import type { ForecastPage, LeftOut } from '#domain/forecast-page.ts';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import { nextInstant, noteEvents } from './deal-story.ts';
import type { Reading } from './forecast-deals.ts';
import type { Scope } from './scope.ts';

/** The deals that no figure counts, the largest first, with the reason and what would make them count. */
export async function leftOutOf(
  scope: Scope,
  { leftOut }: Pick<Reading, 'leftOut'>,
  { limit, offset }: { limit: number; offset: number },
): Promise<ForecastPage['leftOut']> {
  const reasons = new Map<LeftOutReason, { count: number; amountCents: number }>();
  for (const { deal, reason } of leftOut) {
    const sum = reasons.get(reason) ?? { count: 0, amountCents: 0 };
    reasons.set(reason, {
      count: sum.count + 1,
      amountCents: sum.amountCents + deal.amountCents,
    });
  }
  const shown = leftOut
    .toSorted((a, b) => b.deal.amountCents - a.deal.amountCents || (a.deal.id < b.deal.id ? -1 : 1))
    .slice(offset, offset + limit);
  const names = await namesOf(
    scope,
    shown.map(({ deal }) => deal.id),
  );
  return {
    count: leftOut.length,
    amountCents: leftOut.reduce((sum, { deal }) => sum + deal.amountCents, 0),
    reasons: [...reasons].map(([reason, sum]) => ({ reason, ...sum })),
    items: shown.map(({ deal, reason }): LeftOut => {
      const { id, ownerId, amountCents, probability, expectedCloseOn } = deal;
      const { name, companyName } = names.get(id)!;
      return {
        ...{ id, name, companyName, ownerId, amountCents, probability, expectedCloseOn, reason },
        ...{ because: said(deal, reason), fix: fixes[reason] },
      };
    }),
  };
}

/** Leaves a deal out of every forecast, for a reason that is shown; without one it counts again. */
export async function leaveOut(scope: Scope, id: string, because: string | null): Promise<void> {
  const before = await scope.db
    .selectFrom('deals')
    .select(['leftOutBecause', 'status'])
    .where('id', '=', id)
    .where('deletedAt', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  if (!before) throw new Refusal('not-found', 'There is no such deal.');
  if (before.status !== 'open') throw new Refusal('conflict', 'A closed deal is in no forecast.');
  if (before.leftOutBecause === because) return;
  const deal = await scope.db
    .updateTable('deals')
    .set({ leftOutBecause: because, updatedAt: nextInstant })
    .where('id', '=', id)
    .returning(['id', 'name', 'companyId', 'contactId', 'leadId', 'ownerId', 'updatedAt'])
    .executeTakeFirstOrThrow();
  const [was, is] = [{ leftOutBecause: before.leftOutBecause }, { leftOutBecause: because }];
  await noteEvents(scope, [{ deal, kind: 'changed', before: was, after: is }]);
  changed(scope, 'forecast', 'deals');
}

interface Names {
  name: string;
  companyName: string | null;
  stageId: string;
}

/** What deals and their companies are called, and where the deals stand. */
export async function namesOf({ db }: Scope, ids: string[]): Promise<Map<string, Names>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<Names & { id: string }>`
    select d.id, d.name, d.stage_id, coalesce(co.name, co.domain) as company_name
    from deals d left join companies co on co.id = d.company_id
    where d.id = any(${ids}::uuid[])`.execute(db);
  return new Map(rows.map(({ id, ...names }) => [id, names]));
}

const fixes = {
  no_close_date: 'set_date',
  close_date_passed: 'set_date',
  no_probability: 'set_probability',
  inactive_stage: 'open_stage',
  by_a_person: 'count_it',
} as const;

function said(
  deal: { expectedCloseOn: string | null; leftOutBecause: string | null },
  reason: LeftOutReason,
): string {
  switch (reason) {
    case 'no_close_date':
      return 'No close date';
    case 'no_probability':
      return 'No probability';
    case 'inactive_stage':
      return 'Its stage is not active';
    case 'close_date_passed':
      return `Close date ${deal.expectedCloseOn} passed`;
    case 'by_a_person':
      return `Left out: ${deal.leftOutBecause}`;
  }
}
