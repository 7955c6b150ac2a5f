import { z } from 'zod';
import { backtest } from '#db/backtests.ts';
import { override, showSettings } from '#db/overrides.ts';
import { riskOfDeal } from '#db/risk-history.ts';
import { assessChanged } from '#db/risks.ts';
import type { Scope } from '#db/scope.ts';
import { Backtest } from '#domain/backtest.ts';
import { DealRisk } from '#domain/risk-history.ts';
import { RiskChange, RiskSettings } from '#domain/risk-settings.ts';
import { DAY } from '#domain/risk.ts';
import { route } from './route.ts';

const Settings = z.object({
  /** What the file says. */
  defaults: RiskSettings,
  /** What this workspace sets otherwise. */
  changes: RiskChange,
  /** Both together: what deals are judged by. */
  settings: RiskSettings,
});

export const riskRoutes = [
  route('get', '/deals/:id/risk', {
    summary: 'Show what puts a deal at risk, now or on a past day, and why it moved',
    needs: 'deals:read',
    params: z.object({ id: z.uuid() }),
    query: z.object({ on: z.iso.date().optional() }),
    reply: DealRisk,
    run: ({ params, query }, scope) => riskOfDeal(scope, params.id, query.on),
  }),

  route('get', '/risk/settings', {
    summary: 'Show what deals are judged by: the weights, the thresholds and the bands',
    needs: 'deals:read',
    reply: Settings,
    run: (_given, scope) => show(scope),
  }),

  route('put', '/risk/settings', {
    summary: 'Judge deals otherwise than the file does; every open deal is judged anew at once',
    needs: 'risk:write',
    body: z.object({ changes: RiskChange }),
    reply: Settings,
    run: async ({ body }, scope, { now }) => {
      await override(scope, 'risk', RiskSettings, body.changes);
      await assessChanged(scope, now());
      return show(scope);
    },
  }),

  route('post', '/risk/backtest', {
    summary:
      'Try other settings on the deals that are closed: what they catch, how early, and how often in vain',
    needs: 'deals:read',
    body: z.object({ changes: RiskChange, since: z.iso.date().optional() }),
    reply: Backtest,
    run: ({ body: { changes, since } }, scope, { now }) => {
      const yearAgo = new Date(Date.parse(now()) - 365 * DAY).toISOString().slice(0, 10);
      return backtest(scope, { changes, since: since ?? yearAgo });
    },
  }),
];

function show(scope: Scope) {
  return showSettings(scope, 'risk', RiskSettings);
}
