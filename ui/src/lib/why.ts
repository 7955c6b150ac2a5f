export type { Why } from '#domain/why.ts';

type Tone = 'success' | 'warn' | 'danger' | 'neutral' | 'info';

/** How a touch's state reads and looks, everywhere. */
export const touchStates: Record<
  string,
  { label: string; tone: Tone; shape?: 'hollow' | 'dashed' }
> = {
  planned: { label: 'Planned', tone: 'neutral', shape: 'dashed' },
  held: { label: 'Held', tone: 'warn' },
  claimed: { label: 'Going out', tone: 'info' },
  accepted: { label: 'Accepted', tone: 'success' },
  delivered: { label: 'Delivered', tone: 'success' },
  bounced: { label: 'Bounced', tone: 'danger' },
  skipped: { label: 'Skipped', tone: 'neutral', shape: 'hollow' },
  failed: { label: 'Failed', tone: 'danger' },
  unknown: { label: 'Unknown', tone: 'info' },
};

export function toneOf(state: string): Tone {
  return touchStates[state]?.tone ?? 'neutral';
}
