import { get, keep } from '#lib/api.ts';
import type { Run } from '#lib/run.ts';
import type { Definition } from '#domain/sequence.ts';
import type { Balance } from '#lib/touch.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params, depends }) => {
  depends('api:enrolments', 'api:touches');
  const run = await get<Run>(fetch, `/enrolments/${params.id}`);
  const [sequence, touches] = await Promise.all([
    keep<{ liveVersion: number | null; definition: Definition | null }>(
      fetch,
      `/sequences/${run.sequenceId}`,
    ),
    keep<Balance>(fetch, `/touches/balance?enrolment=${params.id}`),
  ]);
  const { liveVersion, definition } = sequence.value ?? {};
  const own = liveVersion === run.version ? definition : null;
  return { run, touches: touches.value, definition: own ?? undefined };
};
