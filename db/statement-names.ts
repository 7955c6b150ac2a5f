/** A statement that came so often is worth preparing; so many are kept, and longer ones are not. */
const OFTEN = 20;
const MOST = 120;
const LONG = 20_000;

/**
 * Names for statements of a program that asks the same few all day. Those that are put together anew each time are never
 * named: they would fill every connection with plans that nobody uses again.
 */
export function statementNames(
  often = OFTEN,
  most = MOST,
): (statement: string) => string | undefined {
  const names = new Map<string, string>();
  const seen = new Map<string, number>();

  return (statement) => {
    const known = names.get(statement);
    if (known !== undefined || statement.length > LONG || names.size >= most) return known;
    const times = (seen.get(statement) ?? 0) + 1;
    if (times < often) {
      if (seen.size >= 10 * most) seen.clear();
      seen.set(statement, times);
      return undefined;
    }
    seen.delete(statement);
    const name = `often_${names.size + 1}`;
    names.set(statement, name);
    return name;
  };
}
