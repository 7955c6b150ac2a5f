import { z } from 'zod';
import {
  getAssessmentSettings,
  modelInUse,
  setAssessmentSettings,
} from '#db/assessment-settings.ts';
import {
  askLater,
  findAssessment,
  type Judged,
  keepAssessment,
  type Written,
} from '#db/assessments.ts';
import { dealAsKnown, dealInAnalysis } from '#db/assessed-deals.ts';
import { listConnections } from '#db/connections.ts';
import { spendOf } from '#db/model-calls.ts';
import type { Scope } from '#db/scope.ts';
import { Assessment, AssessmentSettings, type Judgement, Spend } from '#domain/assessment.ts';
import { modelSystems, usualModel } from '#integrations/models.ts';
import { assessableNow, assessableThen } from '#rules/assessable.ts';
import { judgedByRules } from '#rules/assessment.ts';
import { currentRules } from '#rules/set.ts';
import type { Deps } from './deps.ts';
import { route } from './route.ts';

const OneDeal = z.object({ id: z.uuid() });
const OneLine = z.object({
  id: z.uuid(),
  line: z.coerce.number().int().positive().max(2_147_483_647),
});
const Settings = AssessmentSettings.extend({
  /** The connections that can answer questions. */
  connections: z.array(
    z.object({ id: z.uuid(), name: z.string(), source: z.string(), usual: z.string() }),
  ),
});

/** A model that was asked answers later: 202, and what was known until then. */
function status({ isAsked }: Assessment): number {
  return isAsked ? 202 : 200;
}

export const assessmentRoutes = [
  route('get', '/deals/:id/assessment', {
    summary:
      'Show in words what speaks against a deal and what to do next, with the facts it rests on',
    needs: 'deals:read',
    params: OneDeal,
    reply: Assessment,
    run: ({ params }, scope, { now }) => show(scope, { dealId: params.id }, now()),
  }),
  route('post', '/deals/:id/assessment', {
    summary: 'Have a deal judged in words anew, by the model that is connected or else by rules',
    needs: 'deals:write',
    params: OneDeal,
    reply: Assessment,
    status,
    run: ({ params }, scope, deps) => renew(scope, { dealId: params.id }, deps),
  }),
  route('get', '/analyze/:id/deals/:line/assessment', {
    summary: 'Show in words what speaks against a deal as an analysis saw it',
    needs: 'analyses:read',
    params: OneLine,
    reply: Assessment,
    run: ({ params: { id, line } }, scope, { now }) => show(scope, { analysisId: id, line }, now()),
  }),
  route('post', '/analyze/:id/deals/:line/assessment', {
    summary: 'Have a deal of an analysis judged in words anew',
    needs: 'analyses:write',
    params: OneLine,
    reply: Assessment,
    status,
    run: ({ params: { id, line } }, scope, deps) => renew(scope, { analysisId: id, line }, deps),
  }),
  route('get', '/assessments/settings', {
    summary: 'Show which model judges deals in words and what it may cost a month',
    needs: 'deliveries:read',
    reply: Settings,
    run: (_given, scope) => settings(scope),
  }),
  route('put', '/assessments/settings', {
    summary: 'Choose the model that judges deals in words, and what it may cost a month',
    needs: 'connections:write',
    body: AssessmentSettings,
    reply: Settings,
    run: async ({ body }, scope) => {
      await setAssessmentSettings(scope, body, modelSystems);
      return settings(scope);
    },
  }),
  route('get', '/assessments/spend', {
    summary:
      'Show what models cost this month, what the month comes to, and whether they are stopped',
    needs: 'deliveries:read',
    reply: Spend,
    run: (_given, scope, { now }) => spendOf(scope, now()),
  }),
];

/** What a model said stays until it is asked again; what rules say is always of now. */
async function show(scope: Scope, judged: Judged, now: string): Promise<Assessment> {
  const kept = await findAssessment(scope, judged);
  const fresh = await byRules(scope, judged, now);
  if (kept?.by === 'model') return kept;
  return { ...fresh, because: kept?.because ?? null, isAsked: kept?.isAsked ?? false };
}

async function renew(scope: Scope, judged: Judged, deps: Deps): Promise<Assessment> {
  const now = deps.now();
  const fresh = await byRules(scope, judged, now);
  const kept = await findAssessment(scope, judged);
  const model = await modelInUse(scope, deps.encryptionKey);
  if (!model) return keepAssessment(scope, judged, fresh);
  if (!kept) await keepAssessment(scope, judged, fresh);
  return askLater(scope, judged, now);
}

async function byRules(scope: Scope, judged: Judged, now: string): Promise<Judgement & Written> {
  const deal =
    'dealId' in judged
      ? assessableNow(await dealAsKnown(scope, judged.dealId, now), currentRules().rules, now)
      : assessableThen(await dealInAnalysis(scope, judged.analysisId, judged.line));
  return {
    ...judgedByRules(deal),
    ...{ by: 'rules', because: null, model: null, tokensIn: 0, tokensOut: 0, costMicros: 0 },
    at: now,
  };
}

async function settings(scope: Scope): Promise<z.input<typeof Settings>> {
  const all = await listConnections(scope);
  const connections = all
    .filter(({ source, active }) => active && modelSystems.includes(source))
    .map(({ id, name, source }) => ({ id, name, source, usual: usualModel(source) }));
  return { ...(await getAssessmentSettings(scope)), connections };
}
