const DAY = 24 * 60 * 60 * 1000;

/** First letters of the months, without accents, in the languages of the offices we write to. */
const months = [
  ['jan', 'ene', 'gen', 'sty'],
  ['feb', 'fev', 'lut'],
  ['mar', 'maa', 'mrt'],
  ['apr', 'avr', 'abr', 'kwi'],
  ['may', 'mai', 'mag', 'mei', 'maj'],
  ['jun', 'juin', 'giu', 'cze'],
  ['jul', 'juil', 'lug', 'lip'],
  ['aug', 'aou', 'ago', 'sie'],
  ['sep', 'set', 'wrz'],
  ['oct', 'okt', 'ott', 'out', 'paz'],
  ['nov', 'lis'],
  ['dec', 'dez', 'dic', 'des', 'gru'],
];

const WORD = '([A-Za-zÀ-žĀ-ſ]{3,12})\\.?';
const forms: [RegExp, (match: string[]) => Day | undefined][] = [
  [/\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b/g, ([, y, m, d]) => day(d, Number(m), y)],
  [/\b(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})?(?!\d)/g, ([, d, m, y]) => day(d, Number(m), y)],
  [
    /(?<![\d/-])(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}|\d{2}))?(?![\d/-])/g,
    ([, a, b, y]) => undecided(a!, b!, y),
  ],
  [
    new RegExp(
      `\\b(\\d{1,2})(?:st|nd|rd|th|er|º|ª|\\.)?\\s+(?:of |de |di |d')?${WORD}(?:,?\\s+(?:de )?(\\d{4}))?`,
      'gi',
    ),
    ([, d, name, y]) => day(d, monthOf(name!), y),
  ],
  [
    new RegExp(`\\b${WORD}\\s+(\\d{1,2})(?:st|nd|rd|th)?\\b(?:,?\\s+(\\d{4}))?`, 'gi'),
    ([, name, d, y]) => day(d, monthOf(name!), y),
  ],
];

const BACK =
  /back|return|until|till|through|resume|reachable|bis|zurück|wieder|ab dem|retour|jusqu|de retour|hasta|regres|vuelta|volver|até|retorn|volt|fino|rientr|torner|tot |terug|vanaf|tilbage|tillbaka|åter|till|do dnia|powrot|wracam|до |вернусь|まで/i;

interface Day {
  month: number;
  day: number;
  year?: number;
}

/**
 * The day (YYYY-MM-DD) on which an out-of-office says its writer is back, judged from the day it was
 * written. A date like 3/4 that could be two days is left out rather than guessed.
 */
export function returnsOn(
  text: string,
  { now, endDate }: { now: string; endDate?: string | undefined },
): string | undefined {
  const end = Date.parse(endDate ?? '');
  if (!Number.isNaN(end)) return new Date(end).toISOString().slice(0, 10);
  const found = forms.flatMap(([form, read]) =>
    [...text.slice(0, 4000).matchAll(form)].flatMap((match) => {
      const date = dated(read([...match].map((part) => part ?? '')), now);
      const before = text.slice(Math.max(0, match.index - 60), match.index);
      return date ? [{ date, back: BACK.test(before.split(/[.!?]\s/).at(-1)!) }] : [];
    }),
  );
  const promised = found.some(({ back }) => back) ? found.filter(({ back }) => back) : found;
  return promised
    .map(({ date }) => date)
    .toSorted()
    .at(-1);
}

function day(date: string | undefined, month: number | undefined, year?: string): Day | undefined {
  const number = Number(date);
  if (!month || month > 12 || number < 1 || number > 31) return undefined;
  const full = year ? Number(year.length === 2 ? `20${year}` : year) : undefined;
  return { month, day: number, ...(full && { year: full }) };
}

function undecided(a: string, b: string, year?: string): Day | undefined {
  const [first, second] = [Number(a), Number(b)];
  if (first > 12) return day(a, second, year);
  if (second > 12 || first === second) return day(b, first, year);
  return undefined;
}

function monthOf(name: string): number | undefined {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('ź', 'z').toLowerCase();
  const at = months.findIndex((starts) => starts.some((start) => plain.startsWith(start)));
  return at < 0 || (plain.length > 3 && !/[a-z]{3,}/.test(plain)) ? undefined : at + 1;
}

/** As ISO; a day without a year is the next one. Days gone by, or more than a year off, are no return. */
function dated(day: Day | undefined, now: string): string | undefined {
  if (!day) return undefined;
  const today = Date.parse(now.slice(0, 10));
  const year = day.year ?? new Date(today).getUTCFullYear();
  let at = Date.UTC(year, day.month - 1, day.day);
  if (!day.year && at < today - DAY) at = Date.UTC(year + 1, day.month - 1, day.day);
  const date = new Date(at);
  if (date.getUTCDate() !== day.day || at < today - DAY || at > today + 400 * DAY) return undefined;
  return date.toISOString().slice(0, 10);
}
