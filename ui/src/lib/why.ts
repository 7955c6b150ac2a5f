import type { Why } from '#domain/why.ts';
import type { namer } from './people.ts';

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

/** The reasons with people's names in them; `named` puts them there. The raw decision stays as it was written. */
export function namedWhy(why: Why, named: ReturnType<typeof namer>): Why {
  return {
    ...why,
    verdict: named(why.verdict),
    chain: why.chain.map((link) => ({ ...link, detail: named(link.detail) })),
    checks: why.checks.map((check) => ({ ...check, detail: named(check.detail) })),
    ...(why.changed && { changed: named(why.changed) }),
  };
}
