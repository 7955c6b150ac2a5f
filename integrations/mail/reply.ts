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
    .map((line) => (line.length > LONG ? line.trim() : line.trimEnd()));
  const end = lines.findIndex((_, at) => endsAt(lines, at));
  const written = withoutQuoted(end < 0 ? lines : withoutRules(lines.slice(0, end)));
  return withoutFarewell(written).join('\n').replace(/^\n+/, '').trimEnd();
}

/** Where everything below is somebody else's, or a signature. */
function endsAt(lines: string[], at: number): boolean {
  const line = lines[at]!.trim();
  if (line === '' || line.length > LONG) return false;
  const heading = headingLength(lines, at);
  return (
    (heading > 0 && !isAnsweredBelow(lines, at, at + heading)) ||
    isHeaderBlock(lines, at) ||
    isOriginal(line) ||
    isSentFrom(lines, at) ||
    isSignatureMark(line)
  );
}

/**
 * Whether the quote under a heading is answered between its lines or beneath them: it is marked by `>`,
 * words follow it, and either several of its parts are answered or next to nothing stands above it.
 */
function isAnsweredBelow(lines: string[], heading: number, below: number): boolean {
  const last = lines.findLastIndex(isQuote);
  let answers = 0;
  let quoted = false;
  for (let at = below; at < lines.length && answers < 2; at += 1) {
    const line = lines[at]!;
    if (isQuote(line)) quoted = true;
    else if (line.trim() === '') continue;
    else if (!quoted || isSignatureMark(line.trim())) break;
    else if (lines[at - 1]!.trim() === '') {
      answers += 1;
      quoted = at < last;
    }
  }
  const above = lines.slice(0, heading).filter((line) => line.trim() !== '');
  const greeting = above.length === 0 || (above.length === 1 && GREETING.test(above[0]!));
  return answers > 1 || (answers === 1 && greeting);
}

const GREETING = /^(hi|hello|hey|hallo|hola|bonjour|dear|ciao|hej)\b.{0,40}$|^.{1,30},$/i;

/** Longer lines are prose, or meant to cost us time. */
const LONG = 400;

const ADDRESS = /[^\s<>@]+@[^\s<>@]+/;
const DATED = /\d{1,4}[./-]\d{1,2}|\d{1,2}[:.h]\d{2}|\b(19|20)\d{2}\b|年|\b\d{1,2}\b/;
const WROTE = new RegExp(`(^|[\\s,>)】])(${wrote.join('|')})([^\\n]{0,60}?)\\s*[:：]?$`, 'iu');
const ON =
  /^(on|am|le|el|il|op|em|den|på|w dniu|dnia|dne|pe|la|στις|в|on|tarihinde|\p{L}{2,4}\.?,?)\b/iu;

/** How many lines "On Tue, 1 March 2011, X wrote:" and its cousins "date, X <address>:" take here: none to four. */
function headingLength(lines: string[], at: number): number {
  const first = lines[at]!;
  if (first.length > LONG || (!DATED.test(first) && !ADDRESS.test(first))) return 0;
  let joined = '';
  for (const [nth, line] of lines.slice(at, at + 4).entries()) {
    if (line.trim() === '' || line.length > LONG) return 0;
    const plain = line.replace(/^[\s>*]+|^-{2,}\s*|\s*-{2,}$/g, '').trim();
    if (nth > 0 && (saysWhoWrote(plain) || saysWhenAndWho(plain))) return 0;
    joined = `${joined} ${plain}`.trim();
    if (joined.length > LONG) return 0;
    if (saysWhoWrote(joined) || saysWhenAndWho(joined)) return nth + 1;
  }
  return 0;
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
    block.push(line.slice(0, LONG));
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
  const above = lines[at - 1]?.trim() ?? '';
  return above === '' || isSignatureMark(above);
}

/** Two dashes alone, or the rule above the footer of a mailing list. */
function isSignatureMark(line: string): boolean {
  return /^(--|—+|–{2,}|_{2,})$/.test(line);
}

function withoutRules(lines: string[]): string[] {
  const last = lines.findLastIndex((line) => /[^-_=*\s]/.test(line));
  return lines.slice(0, last + 1);
}

function isQuote(line: string): boolean {
  return /^\s*>/.test(line);
}

/** Leaves out headings and marked lines, and what a mail program wrapped out of a marked line. */
function withoutQuoted(lines: string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const heading = lines[at]!.trim() === '' ? 0 : headingLength(lines, at);
    if (heading > 0) at += heading - 1;
    else if (!isQuote(lines[at]!)) kept.push(lines[at]!);
  }
  if (kept.length === lines.length) return lines;
  return kept.filter((line, at) => line !== '' || kept[at - 1] !== '');
}

const FAREWELL = new RegExp(`^\\s*(${farewells.join('|')})\\s*[,.!]*$`, 'iu');

/** A farewell and the few short lines under it; never the whole mail. */
function withoutFarewell(lines: string[]): string[] {
  const at = lines.findLastIndex((line) => line.length < LONG && FAREWELL.test(line));
  if (at < 1) return lines;
  const above = lines.slice(0, at);
  const below = lines.slice(at + 1).filter((line) => line.trim() !== '');
  const isSignature = below.length <= 8 && below.every((line) => line.length <= 80);
  return isSignature && above.some((line) => line.trim() !== '') ? above : lines;
}
