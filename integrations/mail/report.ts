import { convert } from 'html-to-text';
import { Liquid, type Template } from 'liquidjs';
import {
  exampleReport,
  type ReportContext,
  type ReportFault,
  type ReportWords,
} from '#domain/report.ts';

export interface RenderedReport {
  subject: string;
  html: string;
  text: string;
}

const strict = {
  ...{ strictVariables: true, strictFilters: true, ownPropertyOnly: true, lenientIf: true },
  ...{ parseLimit: 200_000, renderLimit: 1000, memoryLimit: 5_000_000, templates: {} },
};
const plain = withoutRaw(new Liquid(strict));
const html = withoutRaw(new Liquid({ ...strict, outputEscape: 'escape' }));

/** Fills a report's words in. What cannot be filled is told with its line, and nothing is rendered. */
export function renderReport(
  words: ReportWords,
  context: ReportContext,
): RenderedReport | { faults: ReportFault[] } {
  const subject = filled('subject', words.subject, context);
  const body = filled('body', words.body, context);
  const faults = [subject, body].flatMap((one) => ('fault' in one ? [one.fault] : []));
  if ('fault' in subject || 'fault' in body) return { faults };
  const line = subject.text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  if (!line)
    return { faults: [{ part: 'subject', line: 1, message: 'The subject comes out empty.' }] };
  return { subject: line, html: body.text.trim(), text: textOf(body.text) };
}

/** What is wrong with a template before anybody is written to: unknown placeholders and what cannot be read. */
export function faultsInReport(words: ReportWords): ReportFault[] {
  const example = exampleReport();
  const faults = (['subject', 'body'] as const).flatMap((part) => {
    const read = parsed(part, words[part]);
    return 'fault' in read ? [read.fault] : strangersIn(part, read.parsed, example);
  });
  if (faults.length > 0) return faults;
  const rendered = renderReport(words, example);
  return 'faults' in rendered ? rendered.faults : [];
}

type Part = ReportFault['part'];

function parsed(part: Part, text: string): { parsed: Template[] } | { fault: ReportFault } {
  try {
    return { parsed: engineOf(part).parse(text) };
  } catch (error) {
    return { fault: faultOf(part, error) };
  }
}

function filled(
  part: Part,
  text: string,
  context: ReportContext,
): { text: string } | { fault: ReportFault } {
  try {
    return { text: engineOf(part).parseAndRenderSync(text, context) as string };
  } catch (error) {
    return { fault: faultOf(part, error) };
  }
}

function engineOf(part: Part): Liquid {
  return part === 'subject' ? plain : html;
}

/** Placeholders that no report has. */
function strangersIn(part: Part, template: Template[], example: object): ReportFault[] {
  const { globals } = html.analyzeSync(template, { partials: false });
  return Object.values(globals).flatMap((uses) =>
    uses.flatMap(({ segments, location }) => {
      const path = segments.map((one) => (typeof one === 'object' ? '*' : String(one)));
      if (isKnown(path, example)) return [];
      return [{ part, line: location.row, message: `There is no ${path.join('.')} in a report.` }];
    }),
  );
}

function isKnown(path: string[], example: object): boolean {
  let value: unknown = example;
  for (const name of path) {
    // What a list holds is looked at when the example is filled in.
    if (Array.isArray(value)) return true;
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return false;
    value = (value as Record<string, unknown>)[name];
  }
  return true;
}

function faultOf(part: Part, error: unknown): ReportFault {
  const said = (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
  const line = Number(/line:(\d+)/.exec(said)?.[1] ?? 1);
  const missing = /undefined variable: ([^\s,]+)/.exec(said)?.[1];
  const message = missing
    ? `There is no ${missing} in a report.`
    : said.replace(/, (file|line):.*$/, '').slice(0, 300);
  return { part, line, message };
}

/** `raw` would put what a deal is called into a mail as it stands. */
function withoutRaw(engine: Liquid): Liquid {
  engine.registerFilter('raw', () => {
    throw new Error('raw is not there: what stands in a report is always escaped');
  });
  return engine;
}

function textOf(body: string): string {
  return convert(body.slice(0, 2_000_000), {
    wordwrap: 100,
    limits: { maxInputLength: 2_000_000, maxDepth: 200, maxChildNodes: 50_000 },
    selectors: [
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['(', ')'] } },
      ...['h1', 'h2', 'h3'].map((selector) => ({ selector, options: { uppercase: false } })),
      { selector: 'ul', options: { itemPrefix: '  - ' } },
      { selector: 'img', format: 'skip' },
    ],
  }).trim();
}
