/** One after the other, saying after each that work goes on. One that fails keeps no other waiting, and is told of at the end. */
export async function oneByOne<One>(
  all: readonly One[],
  beat: () => void,
  work: (one: One) => Promise<number>,
): Promise<number> {
  let count = 0;
  const problems: unknown[] = [];
  for (const one of all) {
    count += await work(one).catch((error: unknown) => {
      problems.push(error);
      return 0;
    });
    beat();
  }
  if (problems.length > 0) throw problems[0];
  return count;
}
