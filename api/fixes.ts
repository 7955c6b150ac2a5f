import { z } from 'zod';
import type { Fill } from '#db/fix-plan.ts';
import { applyFixes, previewFixes, undoFixes } from '#db/fixes.ts';
import type { Scope } from '#db/scope.ts';
import { getWorkspace } from '#db/workspaces.ts';
import { FixChange, FixSkipped, FixWish } from '#domain/fix.ts';
import { messageOf } from '#rules/message.ts';
import { momentOf } from '#rules/moment.ts';
import { route } from './route.ts';

const OneAnalysis = z.object({ id: z.uuid() });
const Skipped = z.array(FixSkipped);

export const fixRoutes = [
  route('post', '/analyze/:id/fixes/preview', {
    summary: 'What fixes would change of each deal, and what they would leave and why',
    needs: 'deals:write',
    params: OneAnalysis,
    body: FixWish,
    reply: z.object({ changes: z.array(FixChange), skipped: Skipped, left: z.int() }),
    run: async ({ params, body }, scope, { now }) =>
      previewFixes(scope, params.id, body, await how(scope, now())),
  }),

  route('post', '/analyze/:id/fixes', {
    summary: 'Fix what rules know how to fix, all in one; what somebody changed meanwhile is left',
    needs: 'deals:write',
    params: OneAnalysis,
    body: FixWish,
    reply: z.object({
      undoId: z.uuid().nullable(),
      applied: z.int(),
      skipped: Skipped,
      left: z.int(),
    }),
    run: async ({ params, body }, scope, { now }) =>
      applyFixes(scope, params.id, body, await how(scope, now())),
  }),

  route('post', '/analyze/:id/fixes/:undoId/undo', {
    summary: 'Take one bulk of fixes back, where nobody has changed anything since',
    needs: 'deals:write',
    params: OneAnalysis.extend({ undoId: z.uuid() }),
    reply: z.object({ restored: z.int(), left: z.int() }),
    run: ({ params }, scope) => undoFixes(scope, params.id, params.undoId),
  }),
];

async function how(scope: Scope, now: string): Promise<{ fill: Fill; now: string }> {
  const { timezone, currency } = await getWorkspace(scope);
  const moment = momentOf({ now, timeZone: timezone, currency });
  return {
    now,
    fill: (text, { thresholds }, facts) => messageOf(text, thresholds)(facts, moment),
  };
}
