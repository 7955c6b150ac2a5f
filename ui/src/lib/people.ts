/** What stands for a system or a file where a person's id could stand. */
const others = {
  token: 'a system with a token',
  import: 'an imported file',
  user: 'a former member',
};
const ids = /(?:\b(user|token|import):)?([\w-]{8,})/g;

/** Reads reasons with people's names where they were written down with ids. */
export function namer(people: { userId: string; name: string }[]) {
  const names = new Map(people.map(({ userId, name }) => [userId, name]));

  function nameOf(word: string, kind: keyof typeof others | undefined, id: string): string {
    return names.get(id) ?? (kind && /\d/.test(id) ? others[kind] : word);
  }

  return <Text extends string | null>(text: Text): Text =>
    (text === null ? null : text.replace(ids, nameOf)) as Text;
}
