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
  'Redwood Ice,"$18,400.00",Proposal/Price Quote,04/13/2031,m.oyelaran,0065e1,W',
  'Pico Block,7200,Discovery,Q2,Dana W.,0065e2,',
  'Old Mill,,Negotiation,2026-01-02,,0065e3,MTN',
  ',1,Discovery,04/13/2031,x,0065e4,S',
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
    ...[
      ['name', undefined],
      ['amountCents', 'point'],
      ['stage', undefined],
    ],
    ...[
      ['expectedCloseOn', 'mdy'],
      ['owner', undefined],
      ['externalId', undefined],
    ],
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

interface Preview {
  rows: {
    line: number;
    fields: Record<string, { raw: string; value: unknown; reason?: string }>;
  }[];
  checks: { kind: string; column: string | null; message: string; count: number }[];
  ready: boolean;
}

test('a person corrects the proposed mapping before the run, and sees how rows will be read', async ({
  serve,
  upload,
  work,
}) => {
  const text = 'Naam,Bedrag,When\nIce,"1.234,50",04/03/2026\nMill,5,05/03/2026\n';
  const { body } = await upload(text);
  expect(body.columns[0]).not.toHaveProperty('field');
  const at = `/api/analyze/${body.id}`;
  expect(await serve.post(`${at}/start`, {})).toMatchObject({
    ...{ status: 422, body: { errors: [{ field: 'mapping' }] } },
  });
  const mapping = { Naam: 'name', Bedrag: 'amountCents', When: 'expectedCloseOn' };
  const first = (await serve.post(`${at}/preview`, { mapping })).body as Preview;
  expect(first.ready).toBe(false);
  expect(first.checks.map(({ kind, column }) => [kind, column])).toEqual([
    ...[
      ['choose-format', 'When'],
      ['missing-field', null],
    ],
  ]);
  expect(await serve.post(`${at}/start`, { mapping })).toMatchObject({
    ...{ status: 422, body: { errors: [{ field: 'options.formats.When' }] } },
  });
  const options = { dateFormat: 'dmy' };
  const then = (await serve.post(`${at}/preview`, { mapping, options, line: 3 })).body as Preview;
  expect(then.ready).toBe(true);
  expect(then.rows).toMatchObject([
    {
      line: 3,
      fields: {
        expectedCloseOn: { raw: '05/03/2026', value: '2026-03-05' },
        name: { raw: 'Mill' },
      },
    },
  ]);
  expect(await serve.post(`${at}/start`, { mapping, options })).toMatchObject({ status: 202 });
  expect(await serve.post(`${at}/start`, { mapping, options })).toMatchObject({ status: 409 });
  expect(await work(body.id)).toBe('read');
});

test('what cannot be read, and stages and owners that are called otherwise, are told before the run', async ({
  serve,
  upload,
}) => {
  const { body } = await upload(west);
  const { checks } = (await serve.post(`/api/analyze/${body.id}/preview`, {})).body as Preview;
  expect(checks.map(({ kind, column, count }) => [kind, column, count])).toEqual([
    ...[
      ['unnamed-rows', 'Deal Name', 1],
      ['new-stages', 'Stage', 1],
    ],
    ...[
      ['unreadable-dates', 'Close Date', 1],
      ['unknown-owners', 'Opportunity Owner', 3],
    ],
    ['unmapped', 'Region2', 3],
  ]);
});

test('columns are remembered under the name of their source, and a second file runs at once', async ({
  serve,
  upload,
  work,
}) => {
  const { body: one } = await upload(west);
  const mapping = { ...one.mapping, Region2: 'skip' };
  await serve.post(`/api/analyze/${one.id}/start`, { mapping, rememberAs: 'West, monthly' });
  expect(await work(one.id)).toBe('read');
  const better = west.replace(',Negotiation', '3000,Negotiation').replace('Q2', '04/15/2031');
  const { body: two } = await upload(better, '?start=true');
  expect(two).toMatchObject({
    ...{ status: 'queued', mapping, subject: { like: 'West, monthly' } },
    series: 'file:West, monthly',
  });
  expect(await work(two.id)).toBe('read');
  const whole = (await serve.get(`/api/analyze/${two.id}`)).body as Analysis;
  expect(whole.previousId).toBe(one.id);
  // Its amount is there now, and its date can be read.
  expect(whole.summary.change).toMatchObject({ fixed: 2 });
  const { analyses } = (await serve.get('/api/analyze?series=file%3AWest%2C%20monthly')).body as {
    analyses: Analysis[];
  };
  expect(analyses.map(({ id, health }) => [id, typeof health])).toEqual([
    ...[
      [two.id, 'number'],
      [one.id, 'number'],
    ],
  ]);
  expect(analyses[0]!.health!).toBeGreaterThan(analyses[1]!.health!);
});

test('an unsettled file does not start by itself', async ({ upload }) => {
  const text = 'Deal Name,Amount,Stage,Close Date\nIce,5,Discovery,04/03/2026\n';
  expect(await upload(text, '?start=true')).toMatchObject({
    ...{ status: 202, body: { status: 'mapping' } },
  });
});

test('a file that is no table is refused with what is wrong and where', async ({
  upload,
  inside,
}) => {
  const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]);
  for (const [file, error] of [
    [png, 'This is not a table: send a CSV or an .xlsx file.'],
    ['', 'The file is empty.'],
    [' \n', 'The file is empty.'],
  ] as const) {
    const { status, body } = await upload(file as string);
    expect([status, body.error, body.field]).toEqual([400, error, 'file']);
  }
  expect(await inside(({ db }) => db.selectFrom('analyses').select('id').execute())).toEqual([]);
});

test('what the deals lie in is kept as a blob, and erased with its analysis', async ({
  serve,
  upload,
  db,
}) => {
  const { body } = await upload(west);
  const { blob } = await db
    .selectFrom('analyses')
    .select('blob')
    .where('id', '=', body.id)
    .executeTakeFirstOrThrow();
  expect((await (await serve.deps.blobs.read(blob!)).toArray()).join('')).toContain('Redwood Ice');
  expect(await serve.del(`/api/analyze/${body.id}`)).toMatchObject({ status: 200 });
  await expect(serve.deps.blobs.read(blob!)).rejects.toThrow('ENOENT');
  expect(await serve.get(`/api/analyze/${body.id}`)).toMatchObject({ status: 404 });
});
