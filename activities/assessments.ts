import { heartbeat } from '@temporalio/activity';
import { noteStep } from '#db/analysis-turns.ts';
import { getAssessmentSettings, type ModelInUse, modelInUse } from '#db/assessment-settings.ts';
import { findAsked, type Judged, keepAssessment, subjectOf, worstLines } from '#db/assessments.ts';
import { dealAsKnown, dealInAnalysis } from '#db/assessed-deals.ts';
import { inWorkspace } from '#db/scope.ts';
import { assessableNow, assessableThen } from '#rules/assessable.ts';
import { type Assessable, judgedByRules } from '#rules/assessment.ts';
import { dealQuestion, readJudgement } from '#rules/deal-question.ts';
import { currentRules } from '#rules/set.ts';
import { hear, type Heard } from './asking.ts';
import type { Deps } from './deps.ts';

export interface AssessmentDeps extends Pick<Deps, 'db' | 'encryptionKey' | 'outbound' | 'now'> {
  /** Tells Temporal that work goes on. */
  beat?: () => void;
}

/** How many questions are open at once. */
const TOGETHER = 4;
/** After so many that failed nobody is asked for the rest of an analysis. */
const MOST_FAILED = 3;

export function assessmentActivities(deps: AssessmentDeps) {
  const { db, encryptionKey, now, beat = heartbeat } = deps;

  /** Says something of one deal: a model where one may be asked, else rules, which say why. */
  async function say(
    who: { workspaceId: string; actor: string },
    judged: Judged,
    {
      model,
      key,
      because,
    }: { model?: ModelInUse | undefined; key: string; because: string | null },
  ): Promise<Heard['is'] | 'rules'> {
    const deal = await inWorkspace(db, who, async (scope): Promise<Assessable> => {
      if ('dealId' in judged) {
        const known = await dealAsKnown(scope, judged.dealId, now());
        return assessableNow(known, currentRules().rules, now());
      }
      return assessableThen(await dealInAnalysis(scope, judged.analysisId, judged.line));
    });
    const asked = dealQuestion(deal);
    const heard = model && !because ? await hear(deps, who, model, { key, asked }) : undefined;
    const read = heard?.is === 'answered' ? readJudgement(heard.json, asked.names) : undefined;
    await inWorkspace(db, who, (scope) =>
      keepAssessment(scope, judged, {
        ...(read ?? judgedByRules(deal)),
        ...{ by: read ? ('model' as const) : ('rules' as const), at: now() },
        ...costsOf(heard),
        because: read ? null : (because ?? whyNot(heard)),
      }),
    );
    return read ? 'answered' : heard?.is === 'answered' ? 'failed' : (heard?.is ?? 'rules');
  }

  return {
    /** Says something of the worst deals of an analysis; those that were spoken of already cost nothing again. */
    async assess({
      workspaceId,
      analysisId,
    }: {
      workspaceId: string;
      analysisId: string;
    }): Promise<{ byModel: number; byRules: number }> {
      const who = { workspaceId, actor: `analysis:${analysisId}` };
      const { model, lines } = await inWorkspace(db, who, async (scope) => {
        if (!(await noteStep(scope, analysisId, 'assess'))) return { model: undefined, lines: [] };
        const { dealsPerAnalysis } = await getAssessmentSettings(scope);
        return {
          model: await modelInUse(scope, encryptionKey),
          lines: await worstLines(scope, analysisId, dealsPerAnalysis),
        };
      });
      const done = { byModel: 0, byRules: 0 };
      let failed = 0;
      let because: string | null = null;
      for (let from = 0; from < lines.length; from += TOGETHER) {
        const some = lines.slice(from, from + TOGETHER);
        const became = await Promise.all(
          some.map((line) => {
            const judged = { analysisId, line };
            return say(who, judged, { model, key: subjectOf(judged), because });
          }),
        );
        beat();
        const byModel = became.filter((one) => one === 'answered').length;
        failed = byModel > 0 ? 0 : failed + became.filter((one) => one === 'failed').length;
        if (failed >= MOST_FAILED) because = 'The model failed again and again.';
        done.byModel += byModel;
        done.byRules += became.length - byModel;
      }
      return done;
    },

    /** Says something else of one deal, as somebody asked. */
    async assessAnew({
      workspaceId,
      assessmentId,
    }: {
      workspaceId: string;
      assessmentId: string;
    }): Promise<void> {
      const who = { workspaceId, actor: `assessment:${assessmentId}` };
      const { asked, model } = await inWorkspace(db, who, async (scope) => ({
        asked: await findAsked(scope, assessmentId),
        model: await modelInUse(scope, encryptionKey),
      }));
      if (!asked) return;
      const key = `${subjectOf(asked.judged)}:${Date.parse(asked.askedAt)}`;
      await say(who, asked.judged, { model, key, because: null });
    },
  };
}

function costsOf(heard: Heard | undefined) {
  if (heard?.is !== 'answered') return { model: null, tokensIn: 0, tokensOut: 0, costMicros: 0 };
  const { model, tokensIn, tokensOut, costMicros } = heard;
  return { model, tokensIn, tokensOut, costMicros };
}

function whyNot(heard: Heard | undefined): string | null {
  if (!heard) return null;
  return heard.is === 'answered'
    ? 'The model said something that no fact supports.'
    : heard.because;
}
