import { readdirSync, readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { cancelAnalysis } from '#db/analysis-changes.ts';
import { beginAnalysis, getAnalysis, progressOf } from '#db/analyses.ts';
import { listRejects } from '#db/analysis-rows.ts';
import type { Scope } from '#db/scope.ts';
import { pipelineHealth } from '#rules/health.ts';
import { manyDeals, test } from '#tests/analyses.ts';

interface Kept {
  line: number;
  name: string;
  custom: Record<string, string>;
}

async function rowsOf({ db }: Scope, id: string): Promise<Kept[]> {
  const { rows } = await sql<Kept>`
    select line, name, custom from analysis_deals where analysis_id = ${id} order by line`.execute(
    db,
  );
  return rows;
}

const folder = 'tests/fixtures/csv';

test('each file of the CSV spectrum gives the rows that its authors expect of it', async ({
  files,
  run,
  inside,
}) => {
  for (const file of readdirSync(`${folder}/csv-spectrum/csvs`)) {
    const said = readFileSync(
      `${folder}/csv-spectrum/json/${file.replace(/csv$/, 'json')}`,
      'utf8',
    );
    const expected = [JSON.parse(said) as object].flat() as Record<string, string>[];
    const [first] = Object.keys(expected[0]!);
    const text = readFileSync(`${folder}/csv-spectrum/csvs/${file}`);
    const id = await files.arrive(text, { mapping: { [first!]: 'name' } });
    expect(await run(id)).toBe('read');
    const kept = await inside((scope) => rowsOf(scope, id));
    expect([file, kept.map(({ name, custom }) => ({ [first!]: name, ...custom }))]).toEqual([
      file,
      corrected[file] ?? expected.map(filled),
    ]);
    expect(await inside((scope) => listRejects(scope, id, 0, 10))).toEqual([]);
  }

  function filled(row: Record<string, string>): Record<string, string> {
    return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== ''));
  }
});

/** The phone number of this one is another in the expected file than in the CSV. */
const corrected: Record<string, Record<string, string>[]> = {
  'location_coordinates.csv': [
    {
      'Contact Phone Number': '2095257564',
      'Location Coordinates': '37\ufffd36\'37.8"N 121\ufffd2\'17.9"W',
      Cities: 'Modesto',
      Counties: 'Stanislaus',
    },
  ],
};

test('exports of Salesforce and of Papa Parse give right rows or a reason with its line', async ({
  files,
  run,
  inside,
}) => {
  const found = [];
  for (const [path, name] of [
    ['salesforce/Account_bulk1_test.csv', 'NAME'],
    ['salesforce/Account_bulk2_test_backquote.csv', 'NAME'],
    ['papaparse-utf-8-bom-sample.csv', 'A'],
    ['papaparse-verylong-sample.csv', 'placeholder'],
  ] as const) {
    const id = await files.arrive(readFileSync(`${folder}/${path}`), {
      mapping: { [name]: 'name' },
    });
    await run(id);
    const { status, rows, rejected } = await inside((scope) => getAnalysis(scope, id));
    const kept = await inside((scope) => rowsOf(scope, id));
    const lines = (await inside((scope) => listRejects(scope, id, 0, 10))).map(
      ({ line, reason }) => `${line}: ${reason}`,
    );
    found.push([path, status, rows, rejected, kept[0]!.name, kept.at(-1)!.name, ...lines]);
  }
  const lorem = 'Lorem ipsum dolor sit';
  expect(found).toEqual([
    [
      ...['salesforce/Account_bulk1_test.csv', 'done', 100, 0],
      ...['Bulk Account from CSV - #1', 'Bulk Account from CSV - #100'],
    ],
    ['salesforce/Account_bulk2_test_backquote.csv', 'done', 10, 0, 'account #0', 'account #9'],
    ['papaparse-utf-8-bom-sample.csv', 'done', 1, 0, 'X', 'X'],
    [
      ...['papaparse-verylong-sample.csv', 'done', 2000, 4, lorem, lorem],
      ...[500, 1000, 1500, 2000].map(
        (line) => `${line}: The row has 2 values where the header has 3.`,
      ),
    ],
  ]);
});

test('a worker that dies between two commits leaves no deal out and judges none twice', async ({
  files,
  run,
  inside,
}) => {
  const id = await files.arrive(manyDeals(2300));
  let beats = 0;
  function dies(): void {
    beats += 1;
    throw new Error('killed');
  }
  for (let died = true; died;) {
    died = await run(id, { beat: dies }).then(
      () => false,
      () => true,
    );
  }
  expect(beats).toBe(5);
  const state = await inside((scope) => progressOf(scope, id));
  expect(state).toMatchObject({ status: 'done', rows: 2300, summary: { deals: 2300 } });
  expect(await inside((scope) => rowsOf(scope, id))).toHaveLength(2300);
});

test('two workers that judge the same deals at once judge them once', async ({
  files,
  run,
  inside,
}) => {
  const id = await files.arrive(manyDeals(1200));
  await Promise.all([run(id), run(id)]);
  const state = await inside((scope) => progressOf(scope, id));
  expect(state).toMatchObject({ status: 'done', rows: 1200, summary: { deals: 1200 } });
});

test('rules that the columns say nothing to are left out and named', async ({
  files,
  run,
  inside,
}) => {
  const id = await files.arrive('Deal Name,Amount\nIce,\n');
  await run(id);
  const { summary } = await inside((scope) => getAnalysis(scope, id));
  const ids = summary.leftOut!.map(({ id }) => id);
  expect(ids).toContain('deal_missing_close_date');
  expect(ids).not.toContain('deal_missing_amount');
  expect(summary.rule).toMatchObject({ deal_missing_amount: 1 });
});

test('what depends on all deals of a file is known before the first of them is judged', async ({
  files,
  run,
  inside,
}) => {
  const others = Array.from({ length: 1000 }, (_, n) => `Deal ${n},Firm ${n},10${n % 10}0`);
  const rows = ['First,Acme,77777', ...others, 'Last,Acme,77777'];
  const id = await files.arrive(`Deal Name,Company,Amount\n${rows.join('\n')}\n`);
  await run(id);
  const { rows: twins } = await inside(({ db }) =>
    sql<{ line: number }>`select line from findings where analysis_id = ${id}
      and rule_id = 'duplicate_deal_same_company_amount' order by line`.execute(db),
  );
  expect(twins.map(({ line }) => line)).toEqual([2, 1003]);
});

test('health is that of all deals, however many owners they have', async ({
  files,
  run,
  inside,
}) => {
  const header = 'Deal Name,Amount,Stage,Close Date,Owner';
  const well = Array.from(
    { length: 1000 },
    (_, at) => `Deal ${at},1000,Discovery,2031-03-15,Owner ${at >> 1}`,
  );
  const id = await files.arrive([header, ...well, 'Whale,9000000,,,Last owner'].join('\n'));
  await run(id);
  const { health, summary } = await inside((scope) => getAnalysis(scope, id));
  const { rows } = await inside(({ db }) =>
    sql<{ health: number; amountCents: number }>`
      select health, amount_cents from analysis_deals where analysis_id = ${id}`.execute(db),
  );
  expect(Object.keys(summary!.owner!)).toHaveLength(500);
  expect(health).toBeLessThan(rows[0]!.health);
  expect(health).toBe(pipelineHealth(rows));
});

test('what a second analysis found is not believed to be one row', async ({
  files,
  run,
  inside,
}) => {
  await run(await files.arrive(manyDeals(6000)));
  const id = await files.arrive(manyDeals(2000));
  await run(id);
  const { rows } = await inside(({ db }) =>
    sql<{ plan: [{ Plan: { 'Plan Rows': number } }] }>`
      explain (format json) select from analysis_deals where analysis_id = ${sql.lit(id)}`.execute(
      db,
    ),
  );
  expect(Object.values(rows[0]!)[0]![0].Plan['Plan Rows']).toBeGreaterThan(1000);
});

test('the pipeline and one deal of it are judged by the same rules without a file', async ({
  serve,
  run,
  inside,
}) => {
  const made = await serve.post('/api/deals', { name: 'Nobody’s' });
  const { deal } = made.body as { deal: { id: string } };
  const dealId = deal.id;
  const replies = [
    await serve.post('/api/scan', { source: 'pipeline' }),
    await serve.post('/api/scan', { source: 'deal', dealId }),
  ];
  expect([made, ...replies].map(({ status }) => status)).toEqual([201, 202, 202]);
  const found = [];
  for (const { id } of replies.map(({ body }) => body as { id: string })) {
    const became = await run(id, { now: () => new Date().toISOString() });
    const { problem } = await inside((scope) => progressOf(scope, id));
    expect([became, problem]).toEqual(['read', null]);
    const { series, name, status, summary } = await inside((scope) => getAnalysis(scope, id));
    found.push({ series, name, status, rule: summary.rule });
  }
  expect(found[0]).toMatchObject({ series: 'pipeline', name: 'All deals', status: 'done' });
  expect(found[1]).toMatchObject({ series: `deal:${dealId}`, name: 'Nobody’s', status: 'done' });
  expect(found[0]!.rule).toMatchObject({ deal_missing_amount: 1, deal_missing_close_date: 1 });
  expect(found[1]!.rule).toEqual(found[0]!.rule);
  const nobody = { source: 'deal', dealId: crypto.randomUUID() };
  expect(await serve.post('/api/scan', nobody)).toMatchObject({ status: 404 });
});

test('three analyses of a workspace run at a time and the fourth waits, unless it looks at one deal', async ({
  files,
  run,
  inside,
}) => {
  const first = await Promise.all([1, 2, 3].map(() => files.arrive(manyDeals(1))));
  for (const id of first) {
    await inside(({ db }) =>
      sql`update analyses set status = 'running', started_at = '2031-01-01', moved_at = now()
        where id = ${id}`.execute(db),
    );
  }
  const fourth = await files.arrive(manyDeals(1));
  expect(await run(fourth)).toBe('waits');
  const subject = { dealId: crypto.randomUUID() };
  const begun = { name: 'One', source: 'deal', subject, series: 'deal:x' } as const;
  const one = await inside((scope) => beginAnalysis(scope, begun));
  expect(await run(one)).toBe('read');
  await inside((scope) => cancelAnalysis(scope, first[0]!));
  const told = await inside(({ db }) =>
    db.selectFrom('outbox').select('workflowId').where('name', '=', 'mayGoOn').execute(),
  );
  expect(told.map(({ workflowId }) => workflowId!.split(':')[2])).toEqual([fourth]);
  expect(await run(fourth)).toBe('read');
});

test('one that has not moved for a while holds up nobody', async ({ files, run, inside }) => {
  const first = await Promise.all([1, 2, 3].map(() => files.arrive(manyDeals(1))));
  const fourth = await files.arrive(manyDeals(1));
  await inside(({ db }) =>
    sql`update analyses set status = 'running', started_at = '2031-01-01', moved_at = now()
      where id = any(${first}::uuid[])`.execute(db),
  );
  expect(await run(fourth)).toBe('waits');
  await inside(({ db }) =>
    sql`update analyses set moved_at = now() - interval '3 minutes' where id <> ${fourth}`.execute(
      db,
    ),
  );
  expect(await run(fourth)).toBe('read');
});

test('an analysis whose file or whose view is gone says so', async ({ files, run, inside }) => {
  const id = await files.arrive(manyDeals(1));
  await inside(({ db }) =>
    sql`update analyses set blob = ${crypto.randomUUID()} where id = ${id}`.execute(db),
  );
  expect(await run(id)).toBe('over');
  const gone = { status: 'failed', problem: 'The file is no longer there.' };
  expect(await inside((scope) => progressOf(scope, id))).toMatchObject(gone);
  const subject = { viewId: crypto.randomUUID() };
  const begun = { name: 'Mine', source: 'view', subject, series: 'view:x' } as const;
  const other = await inside((scope) => beginAnalysis(scope, begun));
  expect(await run(other)).toBe('over');
  expect(await inside((scope) => progressOf(scope, other))).toMatchObject({
    ...{ status: 'failed', problem: 'There is no such view of deals.' },
  });
});
