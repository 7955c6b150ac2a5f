import { z } from 'zod';
import { Deal } from './deal.ts';
import { Stage } from './pipeline.ts';

const Sum = { count: z.int(), totalCents: z.int() };

/** One column of a board: of a stage that ends deals, what it ended this month. */
export const BoardColumn = z.object({
  ...Sum,
  stage: Stage,
  /** Nothing in a stage that counts in no forecast. */
  weightedCents: z.int(),
  items: z.array(Deal),
  next: z.string().nullable(),
});
export type BoardColumn = z.infer<typeof BoardColumn>;

/** A pipeline at a glance. Sums are of the open deals in stages that are active. */
export const Board = z.object({
  pipelineId: z.uuid(),
  stages: z.array(BoardColumn),
  open: z.object(Sum),
  weightedCents: z.int(),
  closingThisMonth: z.object(Sum),
  atRisk: z.object({
    ...Sum,
    high: z.int(),
    medium: z.int(),
    /** How many were judged at all, at risk or not. */
    judged: z.int(),
  }),
  /** What has changed since Monday, 0:00 in the workspace. */
  since: z.object({
    at: z.iso.datetime(),
    /** By how much what is open grew. */
    changeCents: z.int(),
    added: z.int(),
    pushed: z.int(),
    won: z.int(),
    lost: z.int(),
  }),
});
export type Board = z.infer<typeof Board>;
