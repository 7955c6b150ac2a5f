/** Why a touch went out, waits or never went: the answer of `GET /leads/:id/why?touch=`. */
export interface Why {
  verdict: string;
  chain: { at: string; title: string; detail?: string | null; state: string }[];
  checks: { name: string; detail: string; ok: boolean }[];
  /** What would have changed it. */
  changed?: string | null;
  raw?: unknown;
  enrolmentId?: string | null;
  /** What it is about, such as the step's name and the channel. */
  title?: string | null;
}

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
