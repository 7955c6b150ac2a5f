import { expect } from 'vitest';
import { analysisActivities } from '#activities/analyses.ts';
import type { Analysis } from '#domain/analysis.ts';
import { test as base } from '#tests/db.ts';

export const test = base
  .extend('upload', ({ serve }) => {
    return async function upload(
      text: string | Uint8Array<ArrayBuffer>,
      query = '',
    ): Promise<{ status: number; body: Analysis & { error?: string; field?: string } }> {
      const form = new FormData();
      form.set('file', new Blob([text]), 'west.csv');
      const headers = { authorization: `Bearer ${await serve.token()}` };
      const how = { method: 'POST', body: form, headers };
      const response = await fetch(`${serve.url}/api/analyze${query}`, how);
      return { status: response.status, body: (await response.json()) as never };
    };
  })
  /** Does what its workflow would. */
  .extend('work', ({ serve, db, who }) => {
    return async function work(analysisId: string): Promise<string> {
      const { blobs, now } = serve.deps;
      const activities = analysisActivities({ db, blobs, now, beat: () => {} });
      const one = { workspaceId: who.workspaceId, analysisId };
      for (;;) {
        const turn = await activities.analysisTurn(one);
        if (turn === 'read') await activities.finishAnalysis(one);
        if (turn !== 'more') return turn;
      }
    };
  });

const west = [
  'Deal Name,Amount (USD),Stage,Close Date,Opportunity Owner,SFDC_ID,Region2',
  'Redwood Ice,"$18,400.00",Proposal/Price Quote,04/13/2026,m.oyelaran,0065e1,W',
  'Pico Block,7200,Discovery,Q2,Dana W.,0065e2,',
  'Old Mill,,Negotiation,2026-01-02,,0065e3,MTN',
  ',1,Discovery,04/13/2026,x,0065e4,S',
].join('\n');

test('a file is uploaded, its columns are proposed, and its results lie in the database', async ({
  serve,
  upload,
  work,
}) => {
  const { status, body } = await upload(west);
  expect(status).toBe(202);
  expect(body).toMatchObject({ status: 'mapping', rows: 4, format: 'csv' });
  expect(body.columns.map(({ field, format }) => [field, format])).toEqual([
    ...[['name', undefined], ['amountCents', 'point'], ['stage', undefined]],
    ...[['expectedCloseOn', 'mdy'], ['owner', undefined], ['externalId', undefined]],
    [undefined, undefined],
  ]);
  expect(await serve.post(`/api/analyze/${body.id}/start`, {})).toMatchObject({
    ...{ status: 202, body: { status: 'queued' } },
  });
  expect(await work(body.id)).toBe('read');
  const state = await serve.get(`/api/analyze/${body.id}/status`);
  expect(state.body).toMatchObject({
    ...{ status: 'done', percent: 100, rows: 4, rejected: 1, noted: 1, problem: null },
    summary: { deals: 3, stage: { Proposal: 1, Discovery: 1, Negotiation: 1 } },
  });
  const { rejects } = (await serve.get(`/api/analyze/${body.id}/rejects`)).body as {
    rejects: object[];
  };
  expect(rejects).toEqual([
    {
      ...{ line: 3, field: 'expectedCloseOn', isKept: true },
      reason: 'Close date “Q2” cannot be read.',
    },
    { line: 5, field: 'name', isKept: false, reason: 'The deal has no name.' },
  ]);
});
