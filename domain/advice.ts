import { z } from 'zod';
import type { RiskFactor } from './deal.ts';

/** One thing to do about a deal, and why. */
export const Advice = z.object({
  what: z.string(),
  because: z.string(),
  /** What it takes off the risk; nothing where that cannot be counted. */
  lowersBy: z.number().nullable(),
});
export type Advice = z.infer<typeof Advice>;

export interface Advised {
  factors: RiskFactor[];
  contactId: string | null;
  nextAction: string | null;
  nextActionAt: string | null;
  expectedCloseOn: string | null;
  closePushes: number;
  /** Today in the workspace's calendar. */
  today: string;
}

/** What to do next: first what lowers the risk most, then what is missing or does not add up. */
export function adviceOf(deal: Advised): Advice[] {
  const lowering = deal.factors.flatMap(({ because, lowers }) =>
    lowers ? [{ what: lowers.what, because, lowersBy: lowers.by }] : [],
  );
  return [
    ...lowering.toSorted((one, other) => other.lowersBy - one.lowersBy),
    ...doubtsOf(deal).map((doubt) => ({ ...doubt, lowersBy: null })),
  ];
}

function doubtsOf(deal: Advised): Omit<Advice, 'lowersBy'>[] {
  const { contactId, nextAction, nextActionAt, expectedCloseOn, closePushes, today } = deal;
  const doubts: [boolean, string, string][] = [
    [!contactId, 'Say whom we talk to', 'Nobody is named on the other side'],
    [!nextAction, 'Agree on a next step', 'No next step is planned'],
    [
      Boolean(nextAction) && !nextActionAt,
      'Give the next step a date',
      'The next step has no date',
    ],
    [!expectedCloseOn, 'Ask when they decide', 'No close date is set'],
    [
      expectedCloseOn !== null && expectedCloseOn < today,
      'Put the close date where it belongs',
      `It should have closed on ${expectedCloseOn}`,
    ],
    [
      closePushes >= 2,
      'Find out what keeps them from deciding',
      `The close date was put later ${closePushes} times`,
    ],
  ];
  return doubts.flatMap(([holds, what, because]) => (holds ? [{ what, because }] : []));
}
