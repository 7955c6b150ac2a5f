import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createFileAnalysis } from '#db/analyses.ts';
import { startAnalysis } from '#db/analysis-changes.ts';
import type { AnalysisOptions, ColumnMapping } from '#domain/analysis.ts';
import { diskBlobs } from '#integrations/blobs/disk.ts';
import { survey } from '#integrations/files/survey.ts';
import { lookAt } from '#integrations/files/table.ts';
import { describeColumns, proposedBy } from '#rules/deal-columns.ts';
import { isDealHeader } from '#rules/deal-fields.ts';
import { test as base } from './db.ts';

/** `test` with files of deals that were uploaded and started, with their columns as they were proposed. */
export const test = base.extend('files', async ({ inside }, { onCleanup }) => {
  const folder = await mkdtemp(join(tmpdir(), 'throughline-analysis-'));
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  const blobs = diskBlobs(folder);
  async function arrive(
    text: string | Buffer,
    changes: { mapping?: ColumnMapping; options?: AnalysisOptions } = {},
  ): Promise<string> {
    const kept = await blobs.put(Readable.from([Buffer.from(text)]));
    const { start: startsAt, columns, ...table } = await lookAt(blobs, kept, isDealHeader);
    const names = columns.map(({ name }) => name);
    const looked = await survey(blobs, { ...table, columns }, startsAt);
    const described = describeColumns(names, looked.columns);
    const { mapping, options } = { ...proposedBy(described), ...changes };
    const given = { ...table, name: 'West', fileName: 'west.csv', startsAt, columns: described };
    return inside(async (scope) => {
      const series = `file:${names.join()}`;
      const id = await createFileAnalysis(scope, { ...given, mapping, options, series });
      await startAnalysis(scope, id, { mapping, options });
      return id;
    });
  }
  return { blobs, arrive };
});

/** Deals with something wrong with each third of them. */
export function manyDeals(count: number): string {
  const rows = Array.from(
    { length: count },
    (_, n) =>
      `Deal ${n},${n % 3 === 0 ? '' : 1000 + n},Discovery,2031-0${(n % 9) + 1}-15,Firm ${n},x${n}`,
  );
  return `Deal Name,Amount,Stage,Close Date,Company,SFDC_ID\n${rows.join('\n')}\n`;
}
