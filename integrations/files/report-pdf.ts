import { inks, type Paper, paperOf } from './report-page.ts';

export type Grade = 'CRITICAL' | 'WARNING' | 'INFO';

export interface ReportFinding {
  grade: Grade;
  text: string;
  remedy: string;
}

export interface ReportDeal {
  name: string;
  /** Stage, amount, owner: what stands under the name. */
  about: string;
  health: number;
  findings: ReportFinding[];
}

/** A table of a report: what counts what; a row may have a bar of critical, warnings and notes. */
export interface ReportTable {
  title: string;
  names: string[];
  rows: (string | number)[][];
}

/** A report as plain figures; nothing is reckoned here. */
export interface Report {
  title: string;
  /** Of what, and when. */
  about: string;
  health: number | null;
  formula: string;
  figures: [string, string | number][];
  tables: ReportTable[];
  /** Under the deals: what is not listed. */
  closing: string;
}

const colors = { CRITICAL: '#c4321c', WARNING: '#b26a00', INFO: '#3a6ea5' };
const words = { CRITICAL: 'Critical', WARNING: 'Warning', INFO: 'Note' };

/** A report as PDF while it is written: a page of deals at a time, and no more than that in memory. */
export async function* pdfOf(
  report: Report,
  pages: AsyncIterable<ReportDeal[]>,
): AsyncGenerator<Buffer> {
  const paper = paperOf(report.title);
  head(paper, report);
  for (const table of report.tables) drawTable(paper, table);
  titled(paper, 'Deal by deal');
  for await (const deals of pages) {
    for (const deal of deals) {
      drawDeal(paper, deal);
      const written = paper.take();
      if (written) yield written;
    }
  }
  paragraph(paper, report.closing);
  yield* paper.rest();
}

function head(paper: Paper, { title, about, health, formula, figures }: Report): void {
  paper.need(120);
  for (const line of paper.wrapped(title, paper.width, { face: 'strong', size: 20 })) {
    paper.say(line, paper.left, paper.width, { face: 'strong', size: 20 });
    paper.y += 26;
  }
  paragraph(paper, about);
  paper.y += 8;
  paper.say('Pipeline health', paper.left, paper.width, { color: inks.soft });
  paper.y += 13;
  const figure = health === null ? 'none' : `${health} of 100`;
  paper.say(figure, paper.left, paper.width, { face: 'strong', size: 24 });
  paper.y += 34;
  paragraph(paper, formula);
  paper.y += 6;
  for (const [name, value] of figures) {
    paper.need(14);
    paper.say(name, paper.left, 160, { color: inks.soft });
    paper.say(String(value), paper.left + 160, paper.width - 160);
    paper.y += 14;
  }
}

function drawTable(paper: Paper, { title, names, rows }: ReportTable): void {
  if (rows.length === 0) return;
  titled(paper, title);
  const first = paper.width - (names.length - 1) * 64;
  line(names, { color: inks.soft, size: 8 });
  for (const row of rows) line(row, {});

  function line(cells: (string | number)[], ink: { color?: string; size?: number }): void {
    paper.need(16);
    paper.say(String(cells[0]), paper.left, first - 8, ink);
    cells.slice(1).forEach((cell, at) => {
      paper.say(String(cell), paper.left + first + at * 64, 60, { ...ink, right: true });
    });
    paper.y += 13;
    paper.rule();
    paper.y += 3;
  }
}

function drawDeal(paper: Paper, { name, about, health, findings }: ReportDeal): void {
  paper.need(62);
  paper.y += 4;
  paper.say(name, paper.left, paper.width - 90, { face: 'strong', size: 10.5 });
  const mark = { face: 'strong', right: true } as const;
  paper.say(`Health ${health}`, paper.left + paper.width - 86, 86, mark);
  paper.y += 14;
  paper.say(about, paper.left, paper.width, { color: inks.soft });
  paper.y += 15;
  for (const finding of findings) drawFinding(paper, finding);
  paper.y += 2;
  paper.rule();
  paper.y += 4;
}

function drawFinding(paper: Paper, { grade, text, remedy }: ReportFinding): void {
  const [x, width] = [paper.left + 66, paper.width - 66];
  const lines = paper.wrapped(text, width);
  const after = remedy ? paper.wrapped(remedy, width) : [];
  paper.need(Math.min(lines.length + after.length, 20) * 12 + 4);
  paper.say(words[grade], paper.left + 10, 54, { face: 'strong', color: colors[grade] });
  paper.y += 1;
  paper.bar(paper.left, 3, 9, colors[grade]);
  paper.y -= 1;
  for (const one of lines) row(one, inks.ink);
  for (const one of after) row(one, inks.soft);
  paper.y += 4;

  function row(one: string, color: string): void {
    paper.need(12);
    paper.say(one, x, width, { color });
    paper.y += 12;
  }
}

function titled(paper: Paper, title: string): void {
  paper.need(60);
  paper.y += 14;
  paper.say(title, paper.left, paper.width, { face: 'strong', size: 12 });
  paper.y += 20;
}

function paragraph(paper: Paper, text: string): void {
  if (!text) return;
  for (const one of paper.wrapped(text, paper.width)) {
    paper.need(13);
    paper.say(one, paper.left, paper.width, { color: inks.soft });
    paper.y += 13;
  }
}
