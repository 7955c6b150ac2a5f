import { z } from 'zod';
import { scoreOfLead } from '#db/lead-scores.ts';
import { LeadScore } from '#domain/lead-score.ts';
import { waysTo } from '#rules/raising.ts';
import { loadScoring } from '#rules/scoring.ts';
import { route } from './route.ts';

const scoring = loadScoring();

export const leadScoreRoutes = [
  route('get', '/leads/:id/score', {
    summary: 'Show what a score is made of, what it was, and what would make it the target',
    needs: 'leads:read',
    params: z.object({ id: z.uuid() }),
    query: z.object({ target: z.coerce.number().int().min(1).max(100).default(80) }),
    reply: LeadScore,
    run: async ({ params, query: { target } }, scope, { now }) => {
      const standing = await scoreOfLead(scope, params.id, now());
      const { base, factors, decay, score } = standing;
      const changes = waysTo(scoring, { base: base ?? 0, factors, decay: decay.points }, target);
      const reached = changes.at(-1)?.makes ?? score ?? 0;
      return { ...standing, target, changes, isReachable: reached >= target };
    },
  }),
];
