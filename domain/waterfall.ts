import { z } from 'zod';
import { whyLeftOut } from './forecast.ts';
import { weightedCents } from './deal.ts';

/** A deal as it was on a day. Days are the workspace's. */
export interface DealState {
  status: string;
  stageId: string;
  stageIsActive: boolean;
  amountCents: number;
  probability: number | null;
  expectedCloseOn: string | null;
  closedOn: string | null;
  leftOutBecause: string | null;
}

export const measures = ['weighted', 'amount'] as const;

/** What is looked at: the whole open pipeline, or a month's forecast with what it has won. */
export interface Lens {
  measure: (typeof measures)[number];
  /** Its first day; nothing for the whole. */
  month: string | null;
}

export const stepKinds = [
  ...(['new', 'pulled_in', 'pushed', 'amount_up', 'amount_down', 'stage'] as const),
  ...(['more_likely', 'less_likely', 'counted', 'left_out', 'won', 'lost'] as const),
  ...(['reopened', 'removed', 'lapsed'] as const),
] as const;
export type StepKind = (typeof stepKinds)[number];

/** One change of one deal and what it did to the figure, in minor units. */
export interface Step {
  kind: StepKind;
  cents: number;
  before: string | number | null;
  after: string | number | null;
}

/** What a deal adds to the figure on a day. */
export function valueOf(state: DealState | null, { measure, month }: Lens, day: string): number {
  if (!state) return 0;
  if (state.status === 'won') {
    return month !== null && state.closedOn?.slice(0, 7) === month.slice(0, 7)
      ? state.amountCents
      : 0;
  }
  if (state.status !== 'open') return 0;
  if (measure === 'amount' && month === null) return state.amountCents;
  if (whyLeftOut(state, day)) return 0;
  if (month !== null && state.expectedCloseOn!.slice(0, 7) !== month.slice(0, 7)) return 0;
  return measure === 'amount'
    ? state.amountCents
    : weightedCents(state.amountCents, state.probability)!;
}

/**
 * How a deal got from one day to another: its changes one after the other, each with what it added, so that they add up
 * to the difference to the cent. A deal that the figure never saw has none.
 */
export function stepsOf(
  before: DealState | null,
  after: DealState | null,
  { lens, from, to }: { lens: Lens; from: string; to: string },
): Step[] {
  if (!before || !after) return appearance(before, after, { lens, from, to });
  const steps: Step[] = [];
  let [state, value] = [before, valueOf(before, lens, from)];

  function go(kind: StepKind, change: Partial<DealState>, told: Told, day = from): void {
    state = { ...state, ...change };
    const next = valueOf(state, lens, day);
    steps.push({ kind, cents: next - value, ...told });
    value = next;
  }

  const { expectedCloseOn, amountCents, leftOutBecause, stageIsActive } = after;
  if (expectedCloseOn !== state.expectedCloseOn) {
    const told = { before: state.expectedCloseOn, after: expectedCloseOn };
    go(dateMoved(state.expectedCloseOn, expectedCloseOn), { expectedCloseOn }, told);
  }
  if (amountCents !== state.amountCents) {
    const kind = amountCents > state.amountCents ? 'amount_up' : 'amount_down';
    go(kind, { amountCents }, { before: state.amountCents, after: amountCents });
  }
  if (leftOutBecause !== state.leftOutBecause) {
    const told = { before: state.leftOutBecause, after: leftOutBecause };
    go(leftOutBecause === null ? 'counted' : 'left_out', { leftOutBecause }, told);
  }
  const { status, stageId, probability, closedOn } = after;
  const standing = { status, stageId, probability, closedOn, stageIsActive };
  if (status !== state.status || closedOn !== state.closedOn) {
    go(statusMoved(status), standing, { before: state.status, after: status });
  } else if (stageId !== state.stageId) {
    go('stage', standing, { before: state.stageId, after: stageId });
  } else if (probability !== state.probability) {
    const more = (probability ?? 0) >= (state.probability ?? 0);
    const told = { before: state.probability, after: probability };
    go(more ? 'more_likely' : 'less_likely', standing, told);
  }
  if (valueOf({ ...state, stageIsActive }, lens, to) !== value) {
    go('lapsed', { stageIsActive }, { before: expectedCloseOn, after: to }, to);
  }
  return steps.some(({ cents }) => cents !== 0) || lens.month === null ? steps : [];
}

type Told = Pick<Step, 'before' | 'after'>;

/** A deal that was not there before, or is not there any more. */
function appearance(
  before: DealState | null,
  after: DealState | null,
  { lens, from, to }: { lens: Lens; from: string; to: string },
): Step[] {
  const cents = valueOf(after, lens, to) - valueOf(before, lens, from);
  if (cents === 0) return [];
  if (!after) return [{ kind: 'removed', cents, before: before!.status, after: null }];
  return [
    { kind: after.status === 'won' ? 'won' : 'new', cents, before: null, after: after.status },
  ];
}

function dateMoved(before: string | null, after: string | null): StepKind {
  if (before === null) return 'counted';
  if (after === null) return 'left_out';
  return after < before ? 'pulled_in' : 'pushed';
}

function statusMoved(status: string): StepKind {
  if (status === 'won') return 'won';
  return status === 'lost' ? 'lost' : 'reopened';
}

export const Waterfall = z.object({
  from: z.object({ day: z.iso.date(), recordedOn: z.iso.date().nullable() }),
  to: z.object({ day: z.iso.date(), recordedOn: z.iso.date().nullable(), isNow: z.boolean() }),
  month: z.string().nullable(),
  measure: z.enum(measures),
  startCents: z.int(),
  endCents: z.int(),
  steps: z.array(
    z.object({
      kind: z.enum(stepKinds),
      cents: z.int(),
      count: z.int(),
      /** Those that did the most. */
      deals: z.array(
        z.object({
          ...{ id: z.uuid(), name: z.string(), companyName: z.string().nullable(), cents: z.int() },
          before: z.union([z.string(), z.number()]).nullable(),
          after: z.union([z.string(), z.number()]).nullable(),
        }),
      ),
    }),
  ),
  because: z.string().nullable(),
});
export type Waterfall = z.infer<typeof Waterfall>;

export const PastPipeline = z.object({
  day: z.iso.date(),
  /** The day whose record this is; nothing when it is now. */
  recordedOn: z.iso.date().nullable(),
  count: z.int(),
  amountCents: z.int(),
  weightedCents: z.int(),
  stages: z.array(
    z.object({
      ...{ stageId: z.uuid(), name: z.string(), colour: z.string(), pipelineId: z.uuid() },
      ...{ count: z.int(), amountCents: z.int(), weightedCents: z.int() },
    }),
  ),
  items: z.array(
    z.object({
      ...{ id: z.uuid(), name: z.string(), companyName: z.string().nullable(), stageId: z.uuid() },
      ownerId: z.string().nullable(),
      amountCents: z.int(),
      probability: z.int().nullable(),
      expectedCloseOn: z.iso.date().nullable(),
      riskScore: z.number().nullable(),
      healthScore: z.int().nullable(),
    }),
  ),
  next: z.string().nullable(),
});
export type PastPipeline = z.infer<typeof PastPipeline>;
