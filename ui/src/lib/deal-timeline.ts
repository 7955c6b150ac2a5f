import type { Entry } from './timeline.ts';

/** Which of the views of a deal's activity an entry belongs to. */
export function kindOfDealEntry({ kind, body, channel }: Entry): 'messages' | 'changes' {
  const said = /message|reply|call|meeting|email|sms|note|comment|touch/.test(kind);
  return said || (channel !== null && body !== null) ? 'messages' : 'changes';
}

/** Members whose `@name` stands in a text, by their ids; the longest name that fits is meant. */
export function mentionsIn(text: string, people: { userId: string; name: string }[]): string[] {
  const byLength = people.toSorted((one, other) => other.name.length - one.name.length);
  let rest = text.toLowerCase();
  return byLength.flatMap(({ userId, name }) => {
    const mark = `@${name.toLowerCase()}`;
    if (!rest.includes(mark)) return [];
    rest = rest.replaceAll(mark, '');
    return [userId];
  });
}

/** What is being typed after an `@` right before the caret; nothing when no name is. */
export function mentionAt(text: string, caret: number): { from: number; word: string } | undefined {
  const before = text.slice(0, caret);
  const from = before.lastIndexOf('@');
  if (from < 0 || /\S/.test(before.charAt(from - 1))) return undefined;
  const word = before.slice(from + 1);
  return /\n| {2}/.test(word) || word.length > 40 ? undefined : { from, word };
}
