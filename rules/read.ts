import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';

/** What a file of rules says, or an error that names the file, the line and the field of everything that is wrong. */
export function readRules<Schema extends z.ZodType>(file: URL, schema: Schema): z.output<Schema> {
  return parseRules(readFileSync(file, 'utf8'), schema, fileURLToPath(file).split('/').at(-1)!);
}

/** The same for a text; `name` stands for the file in what is said about it. */
export function parseRules<Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  name: string,
): z.output<Schema> {
  const { faults, value, lineOf } = readText(text);
  if (faults.length > 0)
    throw new Error(
      faults.map(({ line, message }) => `rules/${name}:${line}: ${message}`).join('\n'),
    );
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const said = read.error.issues.map(({ path, message }) => {
    return `rules/${name}:${lineOf(path)}: ${path.join('.')}: ${message}`;
  });
  throw new Error(said.join('\n'));
}

/** YAML as a value, with the line of everything in it; `faults` where it is no YAML. */
export function readText(text: string): {
  faults: { line: number; message: string }[];
  value: unknown;
  /** The line of the field, or of the nearest thing around it that is there. */
  lineOf(path: PropertyKey[]): number;
} {
  const lines = new LineCounter();
  const { document, value, faults } = taken(text, lines);
  function lineOf(path: PropertyKey[]): number {
    for (let depth = path.length; document && depth > 0; depth--) {
      const node = document.getIn(path.slice(0, depth), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  }
  return { faults, value, lineOf };
}

/** What nests or repeats itself without end breaks the reader itself; a text of a person is told so. */
function taken(text: string, lines: LineCounter) {
  try {
    const document = parseDocument(text, { lineCounter: lines });
    const faults = document.errors.map(({ pos, message }) => {
      return { line: lines.linePos(pos[0]).line, message: message.split('\n')[0]! };
    });
    return {
      document,
      faults,
      value: faults.length > 0 ? undefined : (document.toJS() as unknown),
    };
  } catch (error) {
    return { faults: [{ line: 1, message: (error as Error).message }], value: undefined };
  }
}
