import type { DealMove } from '#domain/deal-change.ts';
import { patch, type Problem } from './api.ts';
import type { Deal, Stage } from './deal.ts';
import { whyNot } from './problem.ts';
import { tell, warn } from './toast.ts';

export type Given = Omit<DealMove, 'stageId' | 'fromStageId'>;

/** A move that waits for a person: for a reason, a date, or what the stage asks for. */
export interface Asking {
  is: 'lost' | 'won' | 'missing';
  deal: Deal;
  stage: Stage;
  index: number;
  faults: Problem['errors'];
}

interface Ways {
  stages: () => Stage[];
  /** Shows and saves it; answers why not. */
  send: (
    deal: Deal,
    to: { stage: Stage; index: number },
    given: Given,
  ) => Promise<Problem | undefined>;
  /** Told when it is done, with the deal as it was before. */
  ondone?: () => void;
}

/** Moves deals to stages, asks for what that needs, and says how it went; Undo takes it back. */
export function moverOf({ stages, send, ondone }: Ways) {
  let asking = $state.raw<Asking>();

  function begin(deal: Deal, stage: Stage, index = 0): void {
    if (stage.kind === 'open' || stage.id === deal.stageId) void go(deal, { stage, index }, {});
    else asking = { is: stage.kind, deal, stage, index, faults: [] };
  }

  async function go(deal: Deal, to: { stage: Stage; index: number }, given: Given): Promise<void> {
    asking = undefined;
    const problem = await send(deal, to, given);
    if (problem) return refused(deal, to, problem);
    if (deal.stageId === to.stage.id) return;
    const from = stages().find(({ id }) => id === deal.stageId);
    const after = { ...deal, stageId: to.stage.id };
    tell(`${deal.name} ${said(to.stage)}`, from && (() => back(after, from)));
    ondone?.();
  }

  function refused(deal: Deal, to: { stage: Stage; index: number }, problem: Problem): void {
    const faults = problem.errors.filter(({ field }) => field !== 'stageId');
    if (problem.status === 422 && faults.length > 0) {
      const lost = faults.some(({ field }) => field === 'lostReason');
      asking = { is: lost ? 'lost' : 'missing', deal, ...to, faults };
      return;
    }
    warn(whyNot(problem));
  }

  async function back(deal: Deal, stage: Stage): Promise<void> {
    const problem = await send(deal, { stage, index: 0 }, {});
    if (problem) warn(whyNot(problem));
    else ondone?.();
  }

  /** Fills in what the stage asks for, and moves on; answers what is still wrong. */
  async function fill(fields: Partial<Deal>): Promise<Problem | undefined> {
    if (!asking) return undefined;
    const { deal, stage, index } = asking;
    const { done, problem } = await patch<{ deal: Deal }>(`/deals/${deal.id}`, fields);
    if (problem) return problem;
    await go({ ...done.deal, stageId: deal.stageId }, { stage, index }, {});
    return undefined;
  }

  return {
    get asking() {
      return asking;
    },
    ...{ begin, go, fill },
    leave: () => void (asking = undefined),
  };
}

export type Mover = ReturnType<typeof moverOf>;

function said({ kind, name }: Stage): string {
  if (kind === 'won') return 'is won';
  return kind === 'lost' ? 'is marked as lost' : `moved to ${name}`;
}
