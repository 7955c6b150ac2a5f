import type { AnalysisWork } from '#db/analysis-turns.ts';
import { listMembers } from '#db/members.ts';
import { listStages } from '#db/pipelines.ts';
import type { Scope } from '#db/scope.ts';
import { digitsOf } from '#domain/money.ts';
import type { Blobs } from '#integrations/blobs/blobs.ts';
import type { Position, Row } from '#integrations/files/csv.ts';
import { rowsFrom } from '#integrations/files/table.ts';
import { type DealReading, dealReader } from '#rules/deal-row.ts';
import { peopleByWord, stagesByWord } from '#rules/deal-words.ts';

/** How the rows of an analysis' file are read, by what the workspace calls its stages and its people. */
export async function readingOf(
  scope: Scope,
  { columns, mapping, options, zone, currency }: AnalysisWork,
): Promise<ReturnType<typeof dealReader>> {
  const reading: DealReading = {
    ...{ columns, mapping, options, zone, digits: digitsOf(currency) },
    stages: stagesByWord(await listStages(scope)),
    people: peopleByWord(await listMembers(scope)),
  };
  return dealReader(reading);
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
