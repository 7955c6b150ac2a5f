import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type AnalysisDeps, analysisActivities } from '#activities/analyses.ts';
import { createFileAnalysis } from '#db/analyses.ts';
import { startAnalysis } from '#db/analysis-changes.ts';
import type { AnalysisOptions, ColumnMapping } from '#domain/analysis.ts';
import { diskBlobs } from '#integrations/blobs/disk.ts';
import { survey } from '#integrations/files/survey.ts';
import { lookAt } from '#integrations/files/table.ts';
import { describeColumns, proposedBy } from '#rules/deal-columns.ts';
import { isDealHeader } from '#rules/deal-fields.ts';
import { test as base } from './db.ts';

const withFiles = base.extend('files', async ({ inside }, { onCleanup }) => {
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

/** `test` with files of deals that were uploaded and started, with their columns as they were proposed. */
export const test = withFiles.extend('run', ({ db, who, files }) => {
  /** Does what the workflow would, with `beat` told after each transaction. */
  return async function run(analysisId: string, changes: Partial<AnalysisDeps> = {}) {
    const deps = { db, blobs: files.blobs, now, beat: () => {}, ...changes };
    const activities = analysisActivities(deps);
    const one = { workspaceId: who.workspaceId, analysisId };
    for (;;) {
      const turn = await activities.analysisTurn(one);
      if (turn === 'read') await activities.finishAnalysis(one);
      if (turn !== 'more') return turn;
    }
  };
});

function now(): string {
  return '2031-01-10T12:00:00.000Z';
}

/** Deals with something wrong with each third of them. */
export function manyDeals(count: number): string {
  const rows = Array.from(
    { length: count },
    (_, n) =>
      `Deal ${n},${n % 3 === 0 ? '' : 1000 + n},Discovery,2031-0${(n % 9) + 1}-15,Firm ${n},x${n}`,
  );
  return `Deal Name,Amount,Stage,Close Date,Company,SFDC_ID\n${rows.join('\n')}\n`;
}
