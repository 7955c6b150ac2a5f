import { digitsOf } from '#domain/money.ts';
import type { FactValue, Rule, RuleFacts } from '#domain/rule.ts';
import { type Fact, factOf } from './facts.ts';
import { DAY, dayOf, type Moment, since } from './moment.ts';

/** A text with facts in it, ready to be filled. */
export type Message = (facts: RuleFacts, moment: Moment) => string;

const hole = /\{\{\s*(custom\.[^{}|]*[^{}|\s]|[\w.]+)\s*(?:\|\s*([^{}|]+?)\s*)?\}\}/g;

/**
 * Makes a text such as `{{contactCount|contact}}, {{needed}} needed: nothing for {{lastActivityAt.days|day}}`.
 * A name is a fact, or one of the rule's thresholds; `.days` says how many days a time is away; a noun after |
 * gets its s. Money, dates and percents are written as people write them; what is not there is said to be unknown.
 */
export function messageOf(text: string, thresholds: Rule['thresholds']): Message {
  const pieces: (string | Message)[] = [];
  let at = 0;
  for (const found of text.matchAll(hole)) {
    pieces.push(text.slice(at, found.index), piece(found[1]!, found[2], thresholds));
    at = found.index + found[0].length;
  }
  pieces.push(text.slice(at));
  return (facts, moment) =>
    pieces.map((one) => (typeof one === 'string' ? one : one(facts, moment))).join('');
}

/** What a text asks for that nobody knows, each in words. */
export function faultsOfMessage(text: string, thresholds: Rule['thresholds']): string[] {
  const faults = [...text.matchAll(hole)].flatMap(([, name]) => {
    const isDays = countsDays(name!);
    const fact = factOf(isDays ? name!.slice(0, -5) : name!);
    if (!fact && !Object.hasOwn(thresholds, name!))
      return [`{{${name}}} is neither a fact nor a threshold of this rule.`];
    if (isDays && fact?.type !== 'date' && fact?.type !== 'instant')
      return [`{{${name}}} counts days, and ${name!.slice(0, -5)} is no time.`];
    return [];
  });
  const rest = text.replaceAll(hole, '');
  if (rest.includes('{{') || rest.includes('}}'))
    faults.push('{{ and }} stand around the name of a fact, as in {{amountCents}}.');
  return faults;
}

function piece(name: string, noun: string | undefined, thresholds: Rule['thresholds']): Message {
  if (Object.hasOwn(thresholds, name)) {
    const { value, unit } = thresholds[name]!;
    const fact = { type: unit === 'cents' ? 'money' : 'number', unit } as Pick<
      Fact,
      'type' | 'unit'
    >;
    return (_, moment) => counted(say(value, fact, moment), value, noun);
  }
  if (countsDays(name)) {
    const time = name.slice(0, -5);
    return (facts, moment) => {
      const days = Math.floor(Math.abs(since(facts[time], moment)) / DAY);
      return Number.isNaN(days) ? 'unknown' : counted(String(days), days, noun);
    };
  }
  const fact = factOf(name) ?? { type: 'text' };
  return (facts, moment) => counted(say(facts[name], fact, moment), facts[name], noun);
}

function countsDays(name: string): boolean {
  return name.endsWith('.days') && !name.startsWith('custom.');
}

function counted(said: string, value: FactValue | undefined, noun: string | undefined): string {
  return noun ? `${said} ${noun}${value === 1 ? '' : 's'}` : said;
}

/** One fact as people write it. */
export function say(
  value: FactValue | undefined,
  { type, unit }: Pick<Fact, 'type' | 'unit'>,
  moment: Moment,
): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length > 0 ? value.join(', ') : 'none';
  if (typeof value === 'number') {
    if (type === 'money') return money(value, moment.currency);
    const figure =
      value >= 0 && value < 1000 && Number.isInteger(value) ? `${value}` : plain.format(value);
    return unit === 'percent' ? `${figure}%` : figure;
  }
  if (value === null || value === undefined || value === '') return 'unknown';
  if (type !== 'date' && type !== 'instant') return value;
  const day = dayOf(value, moment);
  return Number.isNaN(day) ? value : sayDay(day);
}

const said = new Map<number, string>();

/** Formatting a day takes longer than running a rule, and days are few. */
function sayDay(day: number): string {
  let text = said.get(day);
  if (text === undefined) {
    if (said.size > 5000) said.clear();
    said.set(day, (text = days.format(day * DAY)));
  }
  return text;
}

const plain = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
const days = new Intl.DateTimeFormat('en-GB', {
  ...{ day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' },
});
const moneys = new Map<
  string,
  { whole: Intl.NumberFormat; parts: Intl.NumberFormat; unit: number }
>();

/** Minor units with their currency; whole amounts without an empty fraction. */
function money(cents: number, currency: string): string {
  let known = moneys.get(currency);
  if (!known) {
    const style = { style: 'currency', currency } as const;
    const digits = digitsOf(currency);
    known = {
      whole: new Intl.NumberFormat('en-US', { ...style, maximumFractionDigits: 0 }),
      parts: new Intl.NumberFormat('en-US', style),
      unit: 10 ** digits,
    };
    moneys.set(currency, known);
  }
  return (cents % known.unit === 0 ? known.whole : known.parts).format(cents / known.unit);
}
