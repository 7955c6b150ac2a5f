import type { AnalysisWork } from '#db/analysis-turns.ts';
import { wordsOf } from '#db/analysis-words.ts';
import type { Scope } from '#db/scope.ts';
import type { Blobs } from '#integrations/blobs/blobs.ts';
import type { Position, Row } from '#integrations/files/csv.ts';
import { rowsFrom } from '#integrations/files/table.ts';
import { readingFor } from '#rules/deal-preview.ts';
import { dealReader } from '#rules/deal-row.ts';

/** How the rows of an analysis' file are read, by what the workspace calls its stages and its people. */
export async function readingOf(
  scope: Scope,
  work: AnalysisWork,
): Promise<ReturnType<typeof dealReader>> {
  return dealReader(readingFor(work, await wordsOf(scope)));
}

/** The rows of an analysis' file from a place on. */
export function rowsOfWork(
  blobs: Blobs,
  { blob, format, delimiter, columns }: AnalysisWork,
  from: Position,
): AsyncGenerator<Row> {
  const table = { blob: blob!, format: format!, delimiter: delimiter!, columns };
  return rowsFrom(blobs, table, from);
}
