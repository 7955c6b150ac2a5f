import { z } from 'zod';
import { CompanyRow } from './company.ts';

/** How a customer does, by when something last happened between us. */
export const customerHealths = ['healthy', 'at_risk', 'churned'] as const;
export type CustomerHealth = (typeof customerHealths)[number];

export const HEALTHY_DAYS = 30;
export const AT_RISK_DAYS = 90;

export const Health = z.object({
  health: z.enum(customerHealths),
  /** Whole days since the last activity; nothing when there was none. */
  days: z.int().nullable(),
  because: z.string(),
});
export type Health = z.infer<typeof Health>;

/** A company that bought something, with what it bought and how it does. */
export const Customer = CompanyRow.extend({
  wonDeals: z.int(),
  lastWonAt: z.iso.datetime().nullable(),
  ...Health.shape,
});
export type Customer = z.infer<typeof Customer>;

const DAY = 24 * 60 * 60 * 1000;

/** Healthy to the end of the 30th day without activity, at risk to the end of the 90th, churned after or without any. */
export function healthOf(lastActivityAt: string | null, now: string): Health {
  if (!lastActivityAt) return { health: 'churned', days: null, because: 'no activity' };
  const days = Math.max(0, Math.floor((Date.parse(now) - Date.parse(lastActivityAt)) / DAY));
  const because =
    days === 0 ? 'active today' : `no activity for ${days} day${days === 1 ? '' : 's'}`;
  if (days <= HEALTHY_DAYS) return { health: 'healthy', days, because };
  return { health: days <= AT_RISK_DAYS ? 'at_risk' : 'churned', days, because };
}
