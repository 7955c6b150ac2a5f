import type { Risk } from '#domain/risk.ts';
import { changed } from './changes.ts';
import type { Assessed } from './risk-inputs.ts';
import { insertRows } from './rows.ts';
import type { Scope } from './scope.ts';

/** A deal that has just come to be at high risk is told once: to its history, its timeline, its owner and others. */
export async function tellAtRisk(
  scope: Scope,
  crossed: { deal: Assessed; risk: Risk }[],
  now: string,
): Promise<void> {
  if (crossed.length === 0) return;
  const { workspaceId, actor } = scope;
  const events = crossed.map(({ deal: { id: dealId, before }, risk }) => ({
    ...{ workspaceId, actor, dealId, kind: 'at_risk', at: now },
    before: { riskScore: before.score, riskBand: before.band },
    after: { riskScore: risk.score, riskBand: risk.band },
  }));
  const lines = crossed.map(({ deal, risk }) => ({
    ...{ workspaceId, actor, dealId: deal.id, kind: 'at_risk', at: now },
    ...{ companyId: deal.companyId, contactId: deal.contactId, leadId: deal.leadId, data: {} },
    ...{ title: 'At high risk', body: reasonsOf(risk) },
  }));
  const words = crossed.flatMap(({ deal, risk }) => {
    if (!deal.ownerId) return [];
    const title = `${deal.name} is at high risk: ${reasonsOf(risk)}`;
    return [
      {
        ...{ workspaceId, userId: deal.ownerId, kind: 'at_risk', title, at: now },
        ...{ href: `/deals/${deal.id}`, leadId: deal.leadId },
      },
    ];
  });
  const happened = crossed.map(({ deal, risk }) => ({
    ...{ workspaceId, kind: 'deal.at_risk', at: now },
    data: { dealId: deal.id, score: risk.score },
  }));
  await insertRows(scope, 'dealEvents', events as never, ['id']);
  await insertRows(scope, 'activities', lines as never, ['id']);
  await insertRows(scope, 'notifications', words as never, ['id']);
  await insertRows(scope, 'events', happened as never, ['id']);
  changed(scope, 'activities', 'notifications');
}

function reasonsOf({ factors }: Risk): string {
  const speaking = factors.filter(({ contribution }) => contribution > 0);
  const first = speaking.toSorted((a, b) => b.contribution - a.contribution).slice(0, 2);
  return first.map(({ because }) => because).join('; ');
}
