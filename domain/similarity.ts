/** How alike two words are, 0–1: Jaro with Winkler's prize for a common beginning (1990). */
export function jaroWinkler(one: string, other: string): number {
  if (one === other) return 1;
  const jaro = jaroOf(one, other);
  let prefix = 0;
  while (prefix < 4 && one[prefix] !== undefined && one[prefix] === other[prefix]) prefix++;
  return jaro + prefix * 0.1 * (1 - jaro);
}

/** Whether one insertion, deletion, replacement or swap of neighbours makes one of the other, or nothing at all. */
export function isOneSlip(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at++;
  const rest = long.slice(at + 1);
  if (short.length < long.length) return short.slice(at) === rest;
  if (short.slice(at + 1) === rest) return true;
  const swapped = short[at] === long[at + 1] && short[at + 1] === long[at];
  return swapped && short.slice(at + 2) === long.slice(at + 2);
}

/** American Soundex (Russell, 1918): what a word sounds like; empty when it holds no letter from a to z. */
export function soundex(word: string): string {
  const letters = word.toLowerCase().replace(/[^a-z]/g, '');
  if (!letters) return '';
  let code = letters[0]!.toUpperCase();
  let last = digits[letters[0]!];
  for (const letter of letters.slice(1)) {
    if (letter === 'h' || letter === 'w') continue;
    const digit = digits[letter];
    if (digit && digit !== last) code += digit;
    last = digit;
  }
  return code.slice(0, 4).padEnd(4, '0');
}

const digits: Record<string, string | undefined> = Object.fromEntries(
  ['bfpv', 'cgjkqsxz', 'dt', 'l', 'mn', 'r'].flatMap((letters, at) =>
    [...letters].map((letter) => [letter, String(at + 1)]),
  ),
);

function jaroOf(one: string, other: string): number {
  if (!one || !other) return 0;
  const reach = Math.max(0, Math.floor(Math.max(one.length, other.length) / 2) - 1);
  const taken = new Array<boolean>(other.length).fill(false);
  const found: string[] = [];
  for (let at = 0; at < one.length; at++) {
    const end = Math.min(other.length, at + reach + 1);
    for (let there = Math.max(0, at - reach); there < end; there++) {
      if (taken[there] || one[at] !== other[there]) continue;
      taken[there] = true;
      found.push(one[at]!);
      break;
    }
  }
  if (found.length === 0) return 0;
  const theirs = [...other].filter((_, at) => taken[at]);
  const moved = found.filter((letter, at) => letter !== theirs[at]).length / 2;
  const shared = found.length;
  return (shared / one.length + shared / other.length + (shared - moved) / shared) / 3;
}
