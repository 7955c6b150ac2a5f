import { read, utils } from '@e965/xlsx';
import { parse } from 'csv-parse/sync';
import { extractText, getDocumentProxy } from 'unpdf';
import { expect } from 'vitest';
import type { Results, ReviewedDeal } from '#domain/result.ts';
import { anAnalysis } from '#tests/analysis-story.ts';
import { test as base } from '#tests/db.ts';

type Get = (format: string, query?: string) => Promise<Buffer>;

const test = base
  .extend('id', ({ inside }) =>
    inside(async (scope) => {
      const before = await anAnalysis(scope, { health: 58 });
      return anAnalysis(scope, { previousId: before, name: 'Révision du lundi' });
    }),
  )
  .extend('get', ({ serve, id }): Get => {
    return async (format, query = '') => {
      const authorization = `Bearer ${await serve.token()}`;
      const url = `${serve.url}/api/analyze/${id}/export.${format}?${query}`;
      const response = await fetch(url, { headers: { authorization } });
      const file = Buffer.from(await response.arrayBuffer());
      if (response.status !== 200) throw new Error(String(file));
      expect(response.headers.get('content-disposition')).toContain('attachment');
      return file;
    };
  });

test('PDF XLSX CSV JSON and the page show the same figures', async ({ serve, id, get }) => {
  const results = (await serve.get(`/api/analyze/${id}/results`)).body as Results;
  const page = (await serve.get(`/api/analyze/${id}/deals`)).body as { deals: ReviewedDeal[] };
  const wanted = figuresIn(page.deals);
  expect(wanted.severity).toEqual(results.summary.severity);
  expect(wanted).toMatchObject({ deals: 5, clean: 1, severity: { CRITICAL: 2 } });

  const json = JSON.parse(String(await get('json'))) as Results & { deals: ReviewedDeal[] };
  expect(figuresIn(json.deals)).toEqual(wanted);
  expect(json).toMatchObject({ health: results.health, summary: results.summary });

  const lines = parse<Record<string, string>>(await get('csv'), { columns: true });
  expect({
    ...{ deals: lines.length, clean: lines.filter(({ findings }) => !findings).length },
    severity: {
      CRITICAL: sum(lines.map(({ critical }) => Number(critical))),
      WARNING: sum(lines.map(({ warning }) => Number(warning))),
      INFO: sum(lines.map(({ info }) => Number(info))),
    },
    owners: countBy(lines.flatMap(({ owner, critical }) => Array(Number(critical)).fill(owner))),
    amount: sum(lines.map(({ amount }) => Math.round(Number(amount) * 100))),
    messages: lines.flatMap(({ findings }) => findings!.split('; ').filter(Boolean)).toSorted(),
  }).toEqual(wanted);

  const book = read(await get('xlsx'), { type: 'buffer' });
  expect(book.SheetNames).toEqual(['Summary', 'Deals', 'Findings']);
  const [summary, deals, findings] = book.SheetNames.map((name) =>
    utils.sheet_to_json<Record<string, string | number | null>>(book.Sheets[name]!, {
      defval: null,
    }),
  );
  const said = new Map(
    summary!.map((row) => Object.values(row).slice(0, 2) as [string, string | number]),
  );
  expect(said.get('Health')).toBe(results.health);
  expect([said.get('Critical'), said.get('Warnings'), said.get('Notes')]).toEqual(
    Object.values(wanted.severity),
  );
  expect(said.get('Deals without findings')).toBe(wanted.clean);
  expect({
    ...{ deals: deals!.length, clean: deals!.filter(({ findings }) => !findings).length },
    severity: {
      CRITICAL: 0,
      WARNING: 0,
      INFO: 0,
      ...countBy(findings!.map((one) => String(one['severity']))),
    },
    owners: countBy(findings!.filter(isCritical).map(({ owner }) => String(owner ?? ''))),
    amount: sum(deals!.map(({ amount }) => Math.round(Number(amount) * 100))),
    messages: findings!.map(({ message }) => String(message)).toSorted(),
  }).toEqual(wanted);

  const { text } = await extractText(await getDocumentProxy(new Uint8Array(await get('pdf'))), {
    mergePages: true,
  });
  expect(text).toContain(`${results.health} of 100`);
  expect(text.replaceAll(/\s+/g, ' ')).toContain(results.formula);
  for (const [name, value] of Object.entries({
    ...{ Deals: wanted.deals, 'Deals without findings': wanted.clean },
    ...{ Critical: wanted.severity.CRITICAL, Warnings: wanted.severity.WARNING },
    ...{ Notes: wanted.severity.INFO, 'Still there': 7 },
  })) {
    expect(text).toContain(`${name} ${value}\n`);
  }
  expect(text).toContain('Sales hygiene 1 2 0');
  expect(text).toContain('Marcus Oyelaran 2 1 3 0');
  expect(text).toContain('Dvořák Tile & Stone Health 71');
  const told = text
    .match(/^(Critical|Warning|Note) (.+: .+)$/gm)!
    .map((line) => line.replace(/^\w+ /, ''));
  expect(told.toSorted()).toEqual(wanted.messages);
  expect(text.match(/^Critical .+: /gm)).toHaveLength(wanted.severity.CRITICAL);
});

test('a CSV of an analysis holds all that was known of each deal, and runs nowhere', async ({
  get,
}) => {
  const text = String(await get('csv'));
  const [dvorak] = parse<Record<string, string>>(text, { columns: true }).filter(
    ({ deal }) => deal === 'Dvořák Tile & Stone',
  );
  expect(dvorak).toMatchObject({
    ...{ company: 'Dvořák s.r.o.', owner: 'Tom Brandt', amount: '7600', health: '71' },
    ...{ amountCents: '760000', name: 'Dvořák Tile & Stone', Región: 'São Paulo' },
    remediation: 'See to it: Deal has no owner; See to it: No lead source',
  });
  expect(text).toContain(`"'=HYPERLINK(""http://evil.example"")"`);
});

test('an export holds what the page is narrowed to', async ({ get }) => {
  const only = String(await get('csv', 'owner=marcus&rule=no_next_step'));
  const lines = parse<Record<string, string>>(only, { columns: true });
  expect(lines.map(({ deal, findings }) => [deal, findings])).toEqual([
    ['Bauer Cold Storage', 'No next step: Bauer Cold Storage'],
    ['Alder Creek Timber', 'No next step: Alder Creek Timber'],
  ]);
  const pdf = await getDocumentProxy(new Uint8Array(await get('pdf', 'owner=marcus')));
  const { text } = await extractText(pdf, { mergePages: true });
  expect(text).toContain('only some of the deals');
  expect(text).not.toContain('Dvořák');
});

test('an export of nobody’s analysis is not there, nor one of another format', async ({
  serve,
  id,
}) => {
  const stranger = await serve.signedUp();
  for (const format of ['csv', 'xlsx', 'json', 'pdf']) {
    expect((await stranger.get(`/api/analyze/${id}/export.${format}`)).status).toBe(404);
    expect((await stranger.get(`/api/analyze/x/export.${format}`)).status).toBe(404);
  }
  expect((await serve.get(`/api/analyze/${id}/export.exe`)).status).toBe(404);
  expect((await serve.get(`/api/analyze/${id}/export.csv?severity=BAD`)).status).toBe(422);
  const nobody = serve.as({});
  expect((await nobody.get(`/api/analyze/${id}/export.pdf`)).status).toBe(401);
});

function figuresIn(deals: ReviewedDeal[]) {
  const findings = deals.flatMap((deal) => deal.findings.map((one) => ({ ...one, deal })));
  const severity = countBy(findings.map((one) => one.severity));
  return {
    ...{ deals: deals.length, clean: deals.filter((deal) => deal.findings.length === 0).length },
    severity: { CRITICAL: 0, WARNING: 0, INFO: 0, ...severity },
    owners: countBy(findings.filter(isCritical).map(({ deal }) => deal.owner ?? '')),
    amount: sum(deals.map(({ amountCents }) => amountCents ?? 0)),
    messages: findings.map(({ message }) => message).toSorted(),
  };
}

function isCritical({ severity }: { severity?: string | number | null }): boolean {
  return severity === 'CRITICAL';
}

function countBy(words: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}

function sum(numbers: number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
