import { Liquid } from 'liquidjs';
import type { MessageContext } from '#domain/template.ts';
import { segmentsOf } from './segments.ts';

/** The words of an email (subject and body) or of a text message; a template's, where a step names one. */
export interface Words {
  subject?: string | undefined;
  body?: string | undefined;
  text?: string | undefined;
  /** False leaves the unsubscribe line out of an email. */
  unsubscribe?: boolean | undefined;
}

export interface Rendered {
  subject?: string;
  text: string;
  html?: string;
  /** How many SMS it takes. */
  segments?: number;
}

const engine = new Liquid({
  ...{ strictVariables: true, strictFilters: true, ownPropertyOnly: true, lenientIf: true },
  ...{ parseLimit: 200_000, renderLimit: 100, memoryLimit: 2_000_000 },
  // No file of ours can be included: there are none.
  templates: {},
});

/** Fills the words in for one person. A variable that has no value is named instead, and so is what is wrong with the template. */
export function renderMessage(
  words: Words,
  context: MessageContext,
): Rendered | { missing: string } | { broken: string } {
  try {
    const known = withoutGaps(withFields(context));
    if (words.text !== undefined) {
      const text = fill(words.text, known).trim();
      return text ? { text, segments: segmentsOf(text) } : { broken: 'The message is empty.' };
    }
    const subject = oneLine(fill(words.subject ?? '', known));
    const body = fill(words.body ?? '', known).trim();
    if (!subject || !body) return { broken: 'The subject or the body is empty.' };
    const link = linkFor(words, context);
    const text = link ? `${body}\n\n--\nUnsubscribe: ${link}` : body;
    return { subject, text, html: htmlOf(body, link) };
  } catch (error) {
    return problemOf(error);
  }
}

/** The variables a template needs, in full: `contact.firstName`. */
export function variablesOf(template: string): { all: string[] } | { broken: string } {
  try {
    const parsed = engine.parse(template);
    const all = engine
      .globalVariableSegmentsSync(parsed)
      .map((segments) => segments.map((one) => (typeof one === 'object' ? '*' : one)).join('.'));
    return { all: [...new Set(all)] };
  } catch (error) {
    const problem = problemOf(error);
    return 'broken' in problem ? problem : { broken: problem.missing };
  }
}

/** Plain text as HTML: paragraphs, lines and links, everything else escaped. */
export function htmlOf(text: string, unsubscribe?: string): string {
  const paragraphs = text.split(/\n{2,}/).map((one) => `<p>${linked(one)}</p>`);
  const foot = unsubscribe
    ? [`<p style="color:#666;font-size:12px"><a href="${escape(unsubscribe)}">Unsubscribe</a></p>`]
    : [];
  return [...paragraphs, ...foot].join('\n');
}

function fill(template: string, context: object): string {
  const text = engine.parseAndRenderSync(template, context) as string;
  const left = /\{\{[^}]*\}\}/.exec(text)?.[0];
  if (left) throw new Error(`A placeholder is left over: ${left}`);
  return text;
}

/** Nothing, and text without a letter, is a hole in a sentence: it counts as missing. */
function withoutGaps(value: object): object {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]: [string, unknown]) => {
      if (one === null || one === undefined || (typeof one === 'string' && !one.trim())) return [];
      const nested = typeof one === 'object' && !Array.isArray(one);
      return [[name, nested ? withoutGaps(one) : one]];
    }),
  );
}

/** A lead without fields of its own lacks the one that is named, not all of them. */
function withFields(context: MessageContext): MessageContext {
  const { contact, company, lead } = context;
  const own = { contact: { fields: {}, ...contact }, company: { fields: {}, ...company } };
  return { ...context, ...own, lead: { fields: {}, ...lead } };
}

function linkFor({ unsubscribe, body = '' }: Words, context: MessageContext): string | undefined {
  const url = context.enrolment['unsubscribeUrl'];
  const given = body.includes('enrolment.unsubscribeUrl');
  return unsubscribe === false || given || typeof url !== 'string' ? undefined : url;
}

function problemOf(error: unknown): { missing: string } | { broken: string } {
  const message = error instanceof Error ? error.message : String(error);
  const missing = /undefined variable: ([^\s,]+)/.exec(message)?.[1];
  return missing ? { missing } : { broken: message.split('\n')[0]! };
}

/** A line break in a subject would begin another header. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}

const url = /https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]]/g;

function linked(text: string): string {
  let html = '';
  let end = 0;
  for (const match of text.matchAll(url)) {
    html += escape(text.slice(end, match.index));
    html += `<a href="${escape(match[0])}">${escape(match[0])}</a>`;
    end = match.index + match[0].length;
  }
  return (html + escape(text.slice(end))).replaceAll('\n', '<br>\n');
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (one) => entities[one]!);
}
