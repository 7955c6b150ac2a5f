import { globSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';

interface Capability {
  id: string;
  statement: string;
  test: string;
}

/** What is wrong with the list of what the product promises; nothing when every promise has a test of that name. */
export function faultsIn(list: string, sources: string[]): string[] {
  const lines: Capability[] = parse(list, { columns: true, trim: true });
  const titles = new Set(sources.flatMap(titlesIn));
  const seen = new Set<string>();
  return lines.flatMap(({ id, statement, test }) => {
    const again = seen.has(id);
    seen.add(id);
    return [
      ...(/^[A-Z]{1,5}-\d{2,3}$/.test(id) ? [] : [`${id}: is not the id of a capability`]),
      ...(again ? [`${id}: stands twice`] : []),
      ...(statement ? [] : [`${id}: says nothing`]),
      ...(titles.has(test) ? [] : [`${id}: there is no test "${test}"`]),
    ];
  });
}

/** The titles of the tests in a source, as they are written. */
function titlesIn(source: string): string[] {
  const calls =
    /\b(?:test|it|describe)(?:\.\w+)*(?:\([^()]*\)|\.each(?:\([^]*?\)|`[^`]*`))?\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g;
  return [...source.matchAll(calls)].map(([, , title]) => title!.replace(/\\(['"`])/g, '$1'));
}

if (import.meta.main) {
  const files = globSync(['**/*.test.ts', '**/*.e2e.ts'], {
    exclude: (name) => /node_modules|\.data/.test(name),
  });
  const sources = files.map((file) => readFileSync(file, 'utf8'));
  const faults = faultsIn(readFileSync('tests/capabilities.csv', 'utf8'), sources);
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exitCode = 1;
}
