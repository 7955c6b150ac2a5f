import { expect } from 'vitest';
import { analysisActivities } from '#activities/analyses.ts';
import { beginReview } from '#db/review-turns.ts';
import { test as base } from '#tests/db.ts';

const test = base.extend('drop', ({ serve }) => {
  return async function drop(id: string, text: string) {
    const form = new FormData();
    form.set('file', new Blob([text]), 'west.csv');
    const headers = { authorization: `Bearer ${await serve.token()}` };
    const at = `${serve.url}/api/reviews/${id}/drop`;
    const response = await fetch(at, { method: 'POST', body: form, headers });
    return { status: response.status, body: (await response.json()) as { error?: string } };
  };
});

const review = {
  ...{ name: 'West, monthly', cron: '0 6 * * 1', timeZone: 'UTC', source: { kind: 'file' } },
  delivery: { owners: true },
};

function fileOf(...names: string[]): string {
  const rows = names.map((name) => `${name},,Discovery,2031-03-14`);
  return `Deal Name,Amount,Stage,Close Date\n${rows.join('\n')}\n`;
}

test('the newest file that was dropped for a review is what its next run looks at, once', async ({
  serve,
  drop,
  inside,
  db,
  who,
}) => {
  const made = await serve.post('/api/reviews', review);
  expect(made.status).toBe(201);
  const { id: reviewId } = made.body as { id: string };
  expect(await drop(reviewId, fileOf('Old'))).toMatchObject({ status: 202 });
  expect(await drop(reviewId, fileOf('Ice', 'Mill'))).toMatchObject({ status: 202 });

  const { workspaceId } = who;
  function begin(slot: string, workflowRun: string) {
    const turn = { workspaceId, reviewId, slot, workflowRun };
    return inside((scope) => beginReview(scope, turn, slot));
  }
  const begun = await begin('2099-01-05T06:00:00.000Z', 'one');
  const analysisId = begun!.analysisId!;
  const { blobs, now } = serve.deps;
  const activities = analysisActivities({ db, blobs, now, beat: () => {} });
  const one = { workspaceId, analysisId };
  while ((await activities.analysisTurn(one)) !== 'read');
  await activities.finishAnalysis(one);
  expect(await serve.get(`/api/analyze/${analysisId}`)).toMatchObject({
    body: { status: 'done', rows: 2, reviewId, series: `review:${reviewId}` },
  });
  expect(await begin('2099-01-12T06:00:00.000Z', 'two')).toMatchObject({ analysisId: null });
});

test('a file that nobody could be asked about is refused when it is dropped', async ({
  serve,
  drop,
}) => {
  const { id } = (await serve.post('/api/reviews', review)).body as { id: string };
  const unsettled = 'Deal Name,Amount,Stage,Close Date\nIce,5,Discovery,04/03/2026\n';
  expect(await drop(id, unsettled)).toMatchObject({
    ...{ status: 422, body: { error: 'Nobody has said how “Close Date” is written.' } },
  });
  expect(await drop(id, '')).toMatchObject({ status: 400, body: { error: 'The file is empty.' } });
  expect(await drop(crypto.randomUUID(), fileOf('Ice'))).toMatchObject({ status: 404 });
});
