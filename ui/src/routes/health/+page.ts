import type { PageLoad } from './$types';

export interface Part {
  name: string;
  state: 'ok' | 'slow' | 'down';
  lastWorkedAt: string | null;
  detail: string | null;
}

export interface Health {
  status: 'ok' | 'degraded';
  at: string;
  parts: Part[];
}

/** When something is down it answers 503, with the same body. */
export const load: PageLoad = async ({ fetch, depends }) => {
  depends('api:health');
  const answer = await fetch('/api/health').catch(() => undefined);
  const health = (await answer?.json().catch(() => undefined)) as Health | undefined;
  return { health: health?.parts ? health : undefined };
};
