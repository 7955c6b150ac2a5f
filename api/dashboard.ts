import { z } from 'zod';
import { dashboardOf } from '#db/dashboard.ts';
import { salesStats } from '#db/sales-stats.ts';
import type { Scope } from '#db/scope.ts';
import { Dashboard, periods, SalesStats } from '#domain/dashboard.ts';
import { Refusal } from '#domain/refusal.ts';
import { route } from './route.ts';

const Tenant = z.object({
  tenant_id: z.string().max(100).optional(),
  workspace_id: z.string().max(100).optional(),
});

/** The same under both of its names. */
const stats = ['/sales/dashboard/stats', '/sales/dashboard/summary'].map((path) =>
  route('get', path, {
    summary: 'The pipeline in a handful of figures',
    needs: 'deals:read',
    query: Tenant,
    reply: SalesStats,
    run: ({ query }, scope, { now }) => {
      refuseOthers(scope, query);
      return salesStats(scope, now());
    },
  }),
);

export const dashboardRoutes = [
  route('get', '/dashboard', {
    summary: 'Where the pipeline stands, everything that the dashboard shows',
    needs: 'deals:read',
    query: z.object({
      period: z.enum(periods).default('quarter'),
      /** A user's id, or `me`; nothing for everybody. */
      owner: z.string().max(100).optional(),
    }),
    reply: Dashboard,
    run: ({ query }, scope, { now }) => dashboardOf(scope, query, now()),
  }),
  ...stats,
];

/** Whose figures they are follows from who asks; another's name is refused and not answered. */
function refuseOthers({ workspaceId }: Scope, query: z.output<typeof Tenant>): void {
  for (const [field, value] of Object.entries(query)) {
    if (value === undefined || value === workspaceId) continue;
    const message = 'These figures are of another workspace.';
    throw new Refusal('forbidden', message, [{ field, message }]);
  }
}
