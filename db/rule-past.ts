import type { RuleFacts } from '#domain/rule.ts';
import { COMMIT_FROM } from './deal-facts.ts';
import { nothingSaid, type Said, talkIn, type Way } from './deal-fact-talk.ts';

export interface PastStage {
  slug: string;
  name: string;
  kind: string;
  position: number;
  probability: number;
  isActive: boolean;
}

/** What a deal was on a day. */
interface State {
  stageId: string;
  amountCents: number;
  probability: number | null;
  ownerId: string | null;
  expectedCloseOn: string | null;
  leftOutBecause: string | null;
  nextAction?: string | null;
  nextActionAt?: string | null;
  competitor?: string | null;
}

/** A closed deal with what was recorded of it and what happened to it. Times without a name are milliseconds. */
export interface PastDeal {
  id: string;
  status: 'won' | 'lost';
  closedAt: string;
  createdAt: string;
  /** As it was when it was closed. */
  last: State;
  /** What is taken to have been so all the time. */
  always: RuleFacts;
  /** Whether it has a first contact, and when each of the others first took part. */
  contacts: number;
  people: number[];
  /** The ends of days that were recorded, in their order. */
  days: (State & { at: number })[];
  changes: { at: number; before: Partial<State>; after: Partial<State> }[];
  said: [number, Way | null][];
  tasks: { from: number; due: number; until: number | null }[];
}

export interface PastDay {
  at: string;
  daysBefore: number;
  facts: RuleFacts;
}

const DAY = 24 * 60 * 60 * 1000;
/** Every day of the last month, then one a week. */
const STEPS = [
  ...Array.from({ length: 30 }, (_, index) => index + 1),
  ...Array.from({ length: 21 }, (_, index) => 37 + index * 7),
].toReversed();

/** What is known of a deal as it was; all else a rule may ask for is not known of the past. */
export const knownThen = new Set([
  ...['name', 'source', 'leadSource', 'companyName', 'primaryContactEmail', 'primaryContactName'],
  ...['createdAt', 'stage', 'stageName', 'stageKind', 'stagePosition', 'stageProbability'],
  ...['stageEnteredAt', 'probability', 'probabilityGap', 'forecastCategory', 'expectedCloseOn'],
  ...['amountCents', 'ownerId', 'leftOutBecause', 'nextStep', 'nextStepAt', 'competitor'],
  ...['closePushes', 'lastActivityAt', 'overdueTasks', 'contactCount', 'meetingsInStage'],
  ...[
    'touchesSinceReply',
    'unansweredSince',
    'engagementDropPercent',
    'wonAt',
    'lostAt',
    'lostReason',
  ],
  ...['amountToMedian', 'ageToMedianCycle', 'daysToQuarterEnd'],
]);

/**
 * A closed deal day by day before it was closed, the earliest first: as each day was recorded at its end, and where
 * none was, as its changes say that it was.
 */
export function* pastDays(
  deal: PastDeal,
  stages: ReadonlyMap<string, PastStage>,
): Generator<PastDay> {
  const closed = Date.parse(deal.closedAt);
  const born = Date.parse(deal.createdAt);
  if (deal.days.length > 0) {
    for (const { at, ...state } of deal.days) {
      const rest = replayed(deal, at);
      yield dayAt(deal, { ...rest, ...state }, { at: Math.min(at, closed), stages });
    }
    return;
  }
  for (const daysBefore of STEPS) {
    const at = closed - daysBefore * DAY;
    if (at >= born) yield dayAt(deal, replayed(deal, at), { at, stages });
  }
}

/** Each field as the first change afterwards found it; as it was in the end when there was none. */
function replayed({ changes, last }: PastDeal, at: number): State {
  const state = { ...last };
  for (const change of changes.toReversed())
    if (change.at > at)
      for (const [field, value] of Object.entries(change.before))
        if (field in state) (state as Record<string, unknown>)[field] = value;
  return state;
}

function dayAt(
  deal: PastDeal,
  state: State,
  { at, stages }: { at: number; stages: ReadonlyMap<string, PastStage> },
): PastDay {
  const stage = stages.get(state.stageId);
  const changes = deal.changes.filter((one) => one.at <= at);
  const entered = changes.findLast(({ before }) => before.stageId !== undefined)?.at;
  const stageEnteredAt = entered ?? Date.parse(deal.createdAt);
  const said = deal.said.filter(([when]) => when <= at);
  const lastAt = Math.max(
    Date.parse(deal.createdAt),
    changes.at(-1)?.at ?? 0,
    said.at(-1)?.[0] ?? 0,
  );
  const { probability, expectedCloseOn, ownerId, leftOutBecause } = state;
  const facts: RuleFacts = {
    ...deal.always,
    ...{ createdAt: deal.createdAt, probability, expectedCloseOn, ownerId, leftOutBecause },
    ...(stage && {
      ...{ stage: stage.slug, stageName: stage.name, stageKind: stage.kind },
      ...{ stagePosition: stage.position, stageProbability: stage.probability },
      probabilityGap: probability === null ? null : Math.abs(probability - stage.probability),
      forecastCategory: categoryOf(state, stage),
    }),
    amountCents: state.amountCents > 0 ? state.amountCents : null,
    ...{ nextStep: state.nextAction ?? null, nextStepAt: state.nextActionAt ?? null },
    ...{ competitor: state.competitor ?? null, wonAt: null, lostAt: null, lostReason: null },
    ...{ stageEnteredAt: isoOf(stageEnteredAt), lastActivityAt: isoOf(lastAt) },
    closePushes: changes.filter(({ before, after }) => isLater(before, after)).length,
    overdueTasks: deal.tasks.filter(
      ({ from, due, until: end }) => from <= at && due < at && (end === null || end > at),
    ).length,
    contactCount: deal.contacts + deal.people.filter((first) => first <= at).length,
    ...talkIn(waysOf(said), { stageEnteredAt, now: at }),
  };
  const daysBefore = Math.max(0, Math.floor((Date.parse(deal.closedAt) - at) / DAY));
  return { at: isoOf(at), daysBefore, facts };
}

function waysOf(said: PastDeal['said']): Said {
  const all = nothingSaid();
  for (const [at, way] of said) if (way) all[way].push(at);
  return all;
}

function categoryOf({ probability, leftOutBecause }: State, stage: PastStage): string {
  if (leftOutBecause !== null || !stage.isActive) return 'omitted';
  if (probability === null || probability < 50) return 'pipeline';
  return probability >= COMMIT_FROM ? 'commit' : 'best_case';
}

function isLater(before: Partial<State>, after: Partial<State>): boolean {
  const [from, to] = [before.expectedCloseOn, after.expectedCloseOn];
  return Boolean(from && to && from < to);
}

function isoOf(at: number): string {
  return new Date(at).toISOString();
}
