import { z } from 'zod';
import { Insight } from './insight.ts';

const Sum = z.object({ count: z.int(), amountCents: z.int() });

/** The deals at risk and what is critical. */
export const Alerts = z.object({
  /** How well the open pipeline is, 0 to 100: the health of its deals, each as much as it is worth. */
  pipelineHealth: z.int().nullable(),
  /** The deals of the high band, the riskiest first. */
  atRisk: Sum.extend({
    deals: z.array(
      z.object({
        id: z.uuid(),
        name: z.string(),
        amountCents: z.int(),
        ownerId: z.string().nullable(),
        riskScore: z.number(),
        healthScore: z.int().nullable(),
        because: z.string().nullable(),
      }),
    ),
  }),
  bands: z.object({ low: Sum, medium: Sum, high: Sum }),
  counts: z.object({ critical: z.int(), warning: z.int(), info: z.int() }),
  alerts: z.array(Insight),
});
export type Alerts = z.infer<typeof Alerts>;
