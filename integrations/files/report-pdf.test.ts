import { extractText, getDocumentProxy } from 'unpdf';
import { expect, test } from 'vitest';
import { pdfOf, type Report, type ReportDeal } from './report-pdf.ts';

const report: Report = {
  ...{ title: 'Révision du lundi — Žluťoučký', about: 'Pipeline, 16 March 2026, 06:00' },
  ...{ health: 71, formula: 'A deal begins with 100.', closing: 'One deal is clean.' },
  figures: [['Deals', 3]],
  tables: [{ title: 'By stage', names: ['Stage', 'Findings'], rows: [['Négociation', 12]] }],
};

test('a report shows accents, its figures, and on every page which of how many it is', async () => {
  const { file } = await written(deals(40, 3));
  expect(file.subarray(0, 5).toString()).toBe('%PDF-');
  const pages = await textOf(file);
  expect(pages.length).toBeGreaterThan(3);
  pages.forEach((text, at) => expect(text).toMatch(RegExp(`${at + 1} of ?${pages.length}\\b`)));
  expect(pages[0]).toContain('Révision du lundi — Žluťoučký');
  expect(pages[0]).toContain('71 of 100');
  expect(pages[0]).toContain('Négociation 12');
  const all = pages.join('\n');
  expect(all.match(/Łódź deal \d+/g)).toHaveLength(40);
  expect(all.match(/Critical Close date/g)).toHaveLength(120);
  expect(all).toContain('One deal is clean.');
  const { info } = await (await getDocumentProxy(new Uint8Array(file))).getMetadata();
  expect(info).toMatchObject({ Title: report.title });
});

test('words without an end are taken apart, and nothing that stands in a file can break a page', async () => {
  const odd = {
    grade: 'WARNING' as const,
    text: 'x'.repeat(900),
    remedy: '(a) \\ <b>\u0000\n日本',
  };
  const { file } = await written([{ name: '', about: '', health: 0, findings: [odd] }]);
  const text = (await textOf(file)).join('');
  expect(text.replaceAll(/\s/g, '').match(/x+/)![0]).toHaveLength(900);
  expect(text).toContain('(a) \\ <b>');
});

test('a report of nothing is a page', async () => {
  const { file } = await written([]);
  expect(await textOf(file)).toEqual([expect.stringMatching(/1 of ?1\b/)]);
});

test('a large report is handed on while it is written', async () => {
  const { file, largest, pieces } = await written(deals(2000, 2));
  expect(file.length).toBeGreaterThan(300_000);
  expect(pieces).toBeGreaterThan(100);
  // What is not handed on piece by piece is the fonts.
  expect(largest).toBeLessThan(200_000);
}, 60_000);

function deals(count: number, each: number): ReportDeal[] {
  return Array.from({ length: count }, (_, at) => ({
    ...{ name: `Łódź deal ${at}`, about: 'Proposal · $91,993 · Marcus Oyelaran', health: at % 100 },
    findings: Array.from({ length: each }, () => ({
      ...{ grade: 'CRITICAL' as const, text: `Close date was ${at} days ago` },
      remedy: 'Set a real close date, or mark the deal as lost, whichever it is',
    })),
  }));
}

async function written(all: ReportDeal[]) {
  const pieces: Buffer[] = [];
  for await (const piece of pdfOf(report, inPages(all))) pieces.push(piece);
  const largest = Math.max(...pieces.map(({ length }) => length));
  return { file: Buffer.concat(pieces), largest, pieces: pieces.length };
}

async function* inPages(all: ReportDeal[]): AsyncGenerator<ReportDeal[]> {
  for (let at = 0; at < all.length; at += 50) yield await Promise.resolve(all.slice(at, at + 50));
}

async function textOf(file: Buffer): Promise<string[]> {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(file)));
  return text;
}
