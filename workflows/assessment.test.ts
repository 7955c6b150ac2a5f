import { expect } from 'vitest';
import { assessmentActivities } from '#activities/assessments.ts';
import { askLater, findAssessment, keepAssessment } from '#db/assessments.ts';
import { createOutbound } from '#integrations/http.ts';
import { simulateOpenai } from '#integrations/openai/simulator.ts';
import { anAnalysis } from '#tests/analysis-story.ts';
import { test } from '#tests/db.ts';
import { connectModel, sensible } from '#tests/models.ts';
import { key } from '#tests/serve.ts';
import { client, running } from '#tests/temporal.ts';
import { assessment } from './assessment.ts';

test('a model that is asked for one deal leaves nothing of it in the history of its workflow', async ({
  db,
  who,
  inside,
}) => {
  const server = await simulateOpenai(sensible);
  const analysisId = await inside((scope) => anAnalysis(scope));
  const judged = { analysisId, line: 1 };
  const now = new Date().toISOString();
  const none = { tokensIn: 0, tokensOut: 0, costMicros: 0, at: now };
  const said = { risks: [], nextActions: [], by: 'rules' as const, because: null, model: null };
  await inside(async (scope) => {
    await connectModel(scope, server.baseURL);
    await keepAssessment(scope, judged, { ...said, ...none, text: 'Before.' });
    await askLater(scope, judged, now);
  });
  const { id } = await inside(({ db }) =>
    db.selectFrom('assessments').select('id').executeTakeFirstOrThrow(),
  );
  const outbound = createOutbound({ allow: ['127.0.0.1'] });
  const deps = { db, encryptionKey: key, outbound, now: () => new Date().toISOString() };
  const one = { workspaceId: who.workspaceId, assessmentId: id };
  await running(assessment, [one], assessmentActivities(deps), async (run) => {
    await run.result();
    const history = await client.workflow.getHandle(run.workflowId).fetchHistory();
    const payloads = [...JSON.stringify(history).matchAll(/"data":"([^"]+)"/g)]
      .map(([, data]) => Buffer.from(data!, 'base64').toString())
      .join('\n');
    expect(payloads).toContain(id);
    expect(payloads).not.toMatch(/Bauer|9199300|sk-test|waits for a word/);
  });
  await Promise.all([server.stop(), outbound.close()]);
  expect(await inside((scope) => findAssessment(scope, judged))).toMatchObject({
    ...{ by: 'model', isAsked: false, text: 'It waits for a word from us.' },
  });
});
