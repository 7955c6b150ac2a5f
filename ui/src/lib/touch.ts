import type { Balance } from '#domain/touch.ts';
import { asWord } from './format.ts';
import { begun } from './run.ts';

export type { Balance, ReasonCount } from '#domain/touch.ts';

/** One row of the ledger, as the API lists it. */
export interface Touch {
  id: string;
  enrolmentId: string | null;
  sequenceId: string | null;
  sequenceName: string | null;
  leadId: string;
  leadName?: string;
  stepId: string | null;
  channel: string;
  state: string;
  reason: string | null;
  because: string | null;
  dueAt: string;
  untilAt: string | null;
  claimedAt: string | null;
  acceptedAt: string | null;
  settledAt: string | null;
  sender: string | null;
  recipient: string | null;
  subject: string | null;
  updatedAt: string;
}

export type Column = Exclude<keyof Balance, 'all'>;

/** The five places of the balance, in the order of its sentence. */
export const columns: { id: Column; label: string; tone: Tone; bar: string }[] = [
  { id: 'accepted', label: 'Accepted', tone: 'success', bar: 'bg-success' },
  { id: 'held', label: 'Held', tone: 'warn', bar: 'bg-warn' },
  { id: 'skipped', label: 'Skipped', tone: 'neutral', bar: 'bg-neutral' },
  { id: 'failed', label: 'Failed', tone: 'danger', bar: 'bg-danger' },
  { id: 'unknown', label: 'Unknown', tone: 'info', bar: 'bg-info' },
];

type Tone = 'success' | 'warn' | 'neutral' | 'danger' | 'info';

/** By how many the five differ from all; 0 is balanced. */
export function gapOf({ all, accepted, held, skipped, failed, unknown }: Balance): number {
  return all - accepted - held - skipped - failed - unknown;
}

/** When something last happened to it, or will. */
export function momentOf(touch: Touch): string {
  const { state, settledAt, acceptedAt, claimedAt, untilAt, dueAt } = touch;
  if (state === 'planned' || state === 'held') return untilAt ?? dueAt;
  return settledAt ?? acceptedAt ?? claimedAt ?? dueAt;
}

/** Why it is as it is, in words. */
export function reasonOf({ because, reason, subject }: Touch): string {
  if (because) return begun(because);
  return reason ? asWord(reason) : (subject ?? '–');
}
