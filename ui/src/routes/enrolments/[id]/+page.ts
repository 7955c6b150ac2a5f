import { get, keep } from '#lib/api.ts';
import { members } from '#lib/choices.ts';
import { namer } from '#lib/people.ts';
import { namedRun, type Run } from '#lib/run.ts';
import type { Definition } from '#domain/sequence.ts';
import type { Balance } from '#lib/touch.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params, depends }) => {
  depends('api:enrolments', 'api:touches');
  const run = await get<Run>(fetch, `/enrolments/${params.id}`);
  const [sequence, touches, people] = await Promise.all([
    keep<{ liveVersion: number | null; definition: Definition | null }>(
      fetch,
      `/sequences/${run.sequenceId}`,
    ),
    keep<Balance>(fetch, `/touches/balance?enrolment=${params.id}`),
    members(fetch),
  ]);
  const { liveVersion, definition } = sequence.value ?? {};
  const own = liveVersion === run.version ? definition : null;
  return {
    run: namedRun(run, namer(people)),
    touches: touches.value,
    definition: own ?? undefined,
  };
};
