import { heartbeat } from '@temporalio/activity';
import type { Kysely } from 'kysely';
import {
  analysisState,
  compareWithPrevious,
  endAnalysis,
  failAnalysis,
  type Share,
  sharesOf,
} from '#db/analysis-end.ts';
import { type JudgedChunk, type JudgedDeal, takeDeals } from '#db/analysis-rows.ts';
import { type AnalysisWork, beginWork, noteStep, workOf } from '#db/analysis-turns.ts';
import { dealFacts } from '#db/deal-facts.ts';
import { noticeAnalysis, noticeGrowth } from '#db/statistics.ts';
import type { DB } from '#db/schema.ts';
import { inWorkspace, type Scope } from '#db/scope.ts';
import type { AnalysisReject } from '#domain/analysis.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Blobs } from '#integrations/blobs/blobs.ts';
import { type HealthSum, healthOfSum, noHealth } from '#rules/health.ts';
import { judgeOf, type Judge } from './analysis-judging.ts';
import { readingOf, rowsOfWork } from './analysis-reading.ts';
import { weigh } from './analysis-weighing.ts';
import { crowds, leaveOthersTheirShare, MOST_ROWS, TURN } from './crowds.ts';

export interface AnalysisDeps {
  db: Kysely<DB>;
  blobs: Blobs;
  now(): string;
  /** Tells Temporal that work goes on. */
  beat?: () => void;
}

interface OneAnalysis {
  workspaceId: string;
  analysisId: string;
}

export function analysisActivities({ db, blobs, now, beat = heartbeat }: AnalysisDeps) {
  function as<T>(one: OneAnalysis, work: (scope: Scope) => Promise<T>): Promise<T> {
    const { workspaceId, analysisId } = one;
    return inWorkspace(db, { workspaceId, actor: `analysis:${analysisId}` }, work);
  }

  /** What a person may know of why it cannot go on ends it; the rest is tried again. */
  function unlessRefused(one: OneAnalysis): (error: unknown) => Promise<'over'> {
    return async (error) => {
      const problem = inWords(error);
      if (!problem) throw error;
      await as(one, (scope) => failAnalysis(scope, one.analysisId, problem));
      return 'over';
    };
  }

  async function turn(one: OneAnalysis): Promise<'more' | 'waits' | 'read' | 'over'> {
    const { analysisId } = one;
    if (!(await as(one, (scope) => beginWork(scope, analysisId, now())))) return 'over';
    const work = await as(one, (scope) => workOf(scope, analysisId));
    if (work.is !== 'go') return work.is;
    if (!work.crowd) {
      const isWeighed = await weigh({ blobs, beat, as: (do_) => as(one, do_) }, analysisId, work);
      return isWeighed ? 'more' : 'over';
    }
    const judge = judgeOf(work);
    const until = Date.now() + TURN;
    let began = Date.now();
    let deals = work.cursor.line;
    for await (const { isTaken, count } of judged(one, work, judge)) {
      beat();
      deals += count;
      if (!isTaken || Date.now() > until) return 'more';
      if (work.cursor.line === 0) await noticeGrowth(db);
      await leaveOthersTheirShare(count, began);
      began = Date.now();
    }
    await noticeAnalysis(db, deals);
    return 'read';
  }

  return {
    /** Goes on for one turn. What is committed stays committed, with the place to go on from. */
    analysisTurn: (one: OneAnalysis) => turn(one).catch(unlessRefused(one)),

    /** Ends an analysis whose deals are all judged: its figures, and what changed since the one before. */
    async finishAnalysis(one: OneAnalysis): Promise<void> {
      const { analysisId: id } = one;
      await as(one, async (scope) => {
        if (!(await noteStep(scope, id, 'report'))) return;
        const owners = await sharesOf(scope, id, 'owner');
        const stages = await sharesOf(scope, id, 'stage');
        const { previousId, change } = await compareWithPrevious(scope, id);
        const stage = Object.fromEntries(stages.map(({ key, deals }) => [key ?? '', deals]));
        const owner = Object.fromEntries(owners.map((share) => [share.key ?? '', shown(share)]));
        await endAnalysis(scope, id, {
          ...{ previousId, now: now() },
          found: { stage, owner, change },
        });
      });
    },

    analysisState: (one: OneAnalysis) => as(one, (scope) => analysisState(scope, one.analysisId)),
  };

  /** Takes chunk after chunk, and says of each how many rows it had. */
  async function* judged(one: OneAnalysis, work: AnalysisWork, judge: Judge) {
    const sum = { of: (work.cursor.sum as HealthSum | undefined) ?? noHealth };
    if (work.source === 'file') yield* judgedRows(one, work, { judge, sum });
    else yield* judgedDeals(one, work, { judge, sum });
  }

  async function* judgedRows(one: OneAnalysis, work: AnalysisWork, { judge, sum }: Judging) {
    const read = await as(one, (scope) => readingOf(scope, work));
    let from = work.cursor;
    const { byte = 0, at = 1 } = from;
    for await (const rows of crowds(rowsOfWork(blobs, work, { byte, line: at }))) {
      const deals: JudgedDeal[] = [];
      const notes: AnalysisReject[] = [];
      for (const { line, cells, fault } of rows) {
        const row = fault ? { fault: { field: '', message: fault } } : read(cells);
        if ('fault' in row) notes.push(noteOf(line, [row.fault], false));
        else {
          deals.push(judge({ ...row.deal, line }));
          if (row.faults.length > 0) notes.push(noteOf(line, row.faults, true));
        }
      }
      sum.of = judge.sum(sum.of, deals);
      const { line, next } = rows.at(-1)!;
      const cursor = { line, byte: next.byte, at: next.line, sum: sum.of };
      const health = healthOfSum(sum.of);
      const chunk: JudgedChunk = { from, next: cursor, deals, notes, health };
      const isTaken = await as(one, (scope) => takeDeals(scope, one.analysisId, chunk));
      yield { isTaken, count: rows.length };
      from = cursor;
    }
  }

  async function* judgedDeals(one: OneAnalysis, work: AnalysisWork, { judge, sum }: Judging) {
    const { pipelineId, viewId, dealId } = work.subject;
    for (let from = work.cursor; !from.isEnd;) {
      const { count, isTaken, cursor } = await as(one, async (scope) => {
        const { deals: found, next } = await dealFacts(scope, {
          ...{ now: work.startedAt, pipelineId, viewId, most: MOST_ROWS },
          ...(dealId ? { dealIds: [dealId] } : { after: from.after }),
        });
        const deals = found.map((deal, at) => judge({ ...deal, line: from.line + at + 1 }));
        const line = from.line + deals.length;
        const after = judge.sum(sum.of, deals);
        const isEnd = next === null || dealId !== undefined;
        const cursor = { line, after: next, isEnd, sum: after };
        const chunk = { from, next: cursor, deals, notes: [], health: healthOfSum(after) };
        const isTaken = deals.length === 0 || (await takeDeals(scope, one.analysisId, chunk));
        return { count: deals.length, isTaken, cursor };
      });
      sum.of = cursor.sum;
      yield { isTaken, count };
      from = cursor;
    }
  }
}

interface Judging {
  judge: Judge;
  sum: { of: HealthSum };
}

function noteOf(
  line: number,
  faults: { field: string; message: string }[],
  isKept: boolean,
): AnalysisReject {
  const reason = faults.map(({ message }) => message).join(' ');
  return { line, field: faults[0]?.field || null, reason: reason.slice(0, 1000), isKept };
}

function inWords(error: unknown): string | undefined {
  if (error instanceof Refusal) return error.message;
  const { code = '' } = error as { code?: string };
  if (code === 'ENOENT') return 'The file is no longer there.';
  return /^(22|54)/.test(code) ? 'Something in the file cannot be kept.' : undefined;
}

function shown({ ownerId, critical, warning, info, deals, valued, ...sum }: Share) {
  const health = healthOfSum({ ...sum, deals: valued, bare: deals - valued });
  return { ownerId, critical, warning, info, deals, health };
}
