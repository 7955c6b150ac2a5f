import { farewells, from, headings, original, sentFrom, wrote } from './words.ts';

/**
 * What the writer of a mail added: without the messages quoted in it, the signature and the line of
 * the phone. Blank lines and indents inside stay as they were. A mail of nothing but quotes is ''.
 */
export function newTextOf(text: string): string {
  const lines = text
    .replace(/\r\n?/g, '\n')
    .replace(/\u200b|\u200c|\u200d|\u2060|\ufeff/g, '')
    .replace(/[\u00a0\u202f]/g, ' ')
    .slice(0, 200_000)
    .split('\n')
    .map((line) => line.trimEnd());
  const end = lines.findIndex((_, at) => endsAt(lines, at));
  const written = end < 0 ? lines : withoutRules(lines.slice(0, end));
  return withoutFarewell(withoutQuotes(written))
    .join('\n')
    .replace(/^\n+|\s+$/g, '');
}

function endsAt(lines: string[], at: number): boolean {
  const line = lines[at]!.trim();
  if (line === '') return false;
  return (
    isQuoteHeading(lines, at) ||
    isHeaderBlock(lines, at) ||
    isOriginal(line) ||
    isSentFrom(lines, at) ||
    isSignatureMark(lines, at)
  );
}

const ADDRESS = /[^\s<>@]+@[^\s<>@]+/;
const DATED = /\d{1,4}[./-]\d{1,2}|\d{1,2}[:.h]\d{2}|\b(19|20)\d{2}\b|年|\b\d{1,2}\b/;
const WROTE = new RegExp(`(^|[\\s,>)】])(${wrote.join('|')})([^\\n]{0,60}?)\\s*[:：]?$`, 'iu');
const ON =
  /^(on|am|le|el|il|op|em|den|på|w dniu|dnia|dne|pe|la|στις|в|on|tarihinde|\p{L}{2,4}\.?,?)\b/iu;

/** "On Tue, 1 March 2011, X wrote:" in one to four lines, and its shorter cousins "date, X <address>:". */
function isQuoteHeading(lines: string[], at: number): boolean {
  let joined = '';
  for (const line of lines.slice(at, at + 4)) {
    if (line.trim() === '') return false;
    joined = `${joined} ${line.replace(/^[\s>*]+/, '')}`.trim();
    if (joined.length > 400) return false;
    if (saysWhoWrote(joined) || saysWhenAndWho(joined)) return true;
  }
  return false;
}

function saysWhoWrote(line: string): boolean {
  const known = ADDRESS.test(line) || /[:：]$/.test(line);
  if (!known || !DATED.test(line) || !WROTE.test(line)) return false;
  return ON.test(line) || ADDRESS.test(line) || /^\d/.test(line);
}

function saysWhenAndWho(line: string): boolean {
  if (!/[:：]$/.test(line) || !/<[^<>\s]+@[^<>\s]+\s*>\s*[:：]$/.test(line)) return false;
  return /^(\p{L}+,?\s+)?\d/u.test(line) && DATED.test(line);
}

const FROM = labels(from);
const HEADING = labels([...from, ...headings]);

/** The block that Outlook puts above a quoted message: From, Sent, To, Subject, in any language. */
function isHeaderBlock(lines: string[], at: number): boolean {
  if (!HEADING.test(lines[at]!)) return false;
  const block: string[] = [];
  for (const line of lines.slice(at, at + 10)) {
    if (line.trim() === '') break;
    block.push(line);
  }
  const named = block.filter((line) => HEADING.test(line));
  const sender = named.find((line) => FROM.test(line));
  if (!sender) return false;
  return named.length >= 3 || (named.length === 2 && ADDRESS.test(block.join(' ')));
}

function labels(words: string[]): RegExp {
  return new RegExp(`^[\\s*>|]*(${words.join('|')})\\s*\\*?\\s*[:：]`, 'iu');
}

const ORIGINAL = new RegExp(`^[>\\s]*[-_=*]{2,}\\s*(${original.join('|')}).{0,40}$`, 'iu');
const BEGIN = /^(begin forwarded message|anfang der weitergeleiteten|début du message)/i;

function isOriginal(line: string): boolean {
  return ORIGINAL.test(line) || BEGIN.test(line);
}

const SENT_FROM = new RegExp(`^[\\s*_[(]*(${sentFrom.join('|')})`, 'iu');

function isSentFrom(lines: string[], at: number): boolean {
  const line = lines[at]!.replace(/<?https?:\S*/g, '').trim();
  if (line.length > 70 || /[.!?]$/.test(line) || !SENT_FROM.test(line)) return false;
  return at === 0 || lines[at - 1]!.trim() === '' || isSignatureMark(lines, at - 1);
}

/** Two dashes alone, or the rule above the footer of a mailing list. */
function isSignatureMark(lines: string[], at: number): boolean {
  return /^(--|—|_{2,})$/.test(lines[at]!.trim());
}

function withoutRules(lines: string[]): string[] {
  const last = lines.findLastIndex((line) => !/^\s*[-_=*]*\s*$/.test(line));
  return lines.slice(0, last + 1);
}

function withoutQuotes(lines: string[]): string[] {
  const kept = lines.filter((line) => !/^\s*>/.test(line));
  if (kept.length === lines.length) return lines;
  return kept.filter((line, at) => line !== '' || kept[at - 1] !== '');
}

const FAREWELL = new RegExp(`^\\s*(${farewells.join('|')})\\s*[,.!]*$`, 'iu');

/** A farewell and the few short lines under it; never the whole mail. */
function withoutFarewell(lines: string[]): string[] {
  const at = lines.findLastIndex((line) => FAREWELL.test(line));
  if (at < 1) return lines;
  const above = lines.slice(0, at);
  const below = lines.slice(at + 1).filter((line) => line.trim() !== '');
  const isSignature = below.length <= 8 && below.every((line) => line.length <= 80);
  return isSignature && above.some((line) => line.trim() !== '') ? above : lines;
}
