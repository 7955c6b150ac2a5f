import type { AnalysisWork } from '#db/analysis-turns.ts';
import { noteCrowd } from '#db/analysis-turns.ts';
import { crowdOf as crowdOfDeals } from '#db/deal-crowd.ts';
import { countInRange } from '#db/deal-fact-range.ts';
import type { Scope } from '#db/scope.ts';
import type { Crowd } from '#domain/rule-crowd.ts';
import type { Blobs } from '#integrations/blobs/blobs.ts';
import { crowdOf } from '#rules/crowd.ts';
import { readingOf, rowsOfWork } from './analysis-reading.ts';
import { rulesOfWork } from './analysis-rules.ts';

interface Weighing {
  blobs: Blobs;
  beat: () => void;
  as<T>(work: (scope: Scope) => Promise<T>): Promise<T>;
}

/** The first look at all of the deals: how many there are, what they are together, and by which rules they are judged. */
export async function weigh(
  { blobs, beat, as }: Weighing,
  id: string,
  work: AnalysisWork,
): Promise<boolean> {
  const { rules, leftOut } = await as((scope) => rulesOfWork(scope, work));
  const found = work.source === 'file' ? await ofFile() : await as(ofDeals);
  return as((scope) => noteCrowd(scope, id, { rules, leftOut, ...found }));

  async function ofFile(): Promise<{ crowd: Crowd; rowsTotal: number }> {
    const read = await as((scope) => readingOf(scope, work));
    const crowd = crowdOf();
    let rowsTotal = 0;
    for await (const { cells, fault } of rowsOfWork(blobs, work, work.startsAt)) {
      rowsTotal += 1;
      const row = fault ? undefined : read(cells);
      if (row && 'deal' in row) crowd.add(row.deal.facts);
      if (rowsTotal % 5000 === 0) beat();
    }
    return { crowd: crowd.whole(), rowsTotal };
  }

  async function ofDeals(scope: Scope): Promise<{ crowd: Crowd; rowsTotal: number }> {
    const { pipelineId, viewId, dealId } = work.subject;
    const range = { pipelineId, viewId };
    const now = work.startedAt;
    const crowd = await crowdOfDeals(scope, now, range);
    const rowsTotal = dealId ? 1 : await countInRange(scope, { ...range, now });
    return { crowd, rowsTotal };
  }
}
