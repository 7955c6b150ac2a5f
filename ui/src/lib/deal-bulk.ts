import { invalidate } from '$app/navigation';
import type { BulkOutcome, DealBulk } from '#domain/deal-bulk.ts';
import { post } from './api.ts';
import { asCount } from './format.ts';
import { whyNot } from './problem.ts';
import { tell, warn } from './toast.ts';

/** As many as one call takes. */
const MOST = 500;

/** Does one thing to many deals, waits for the server, and says how it went, with a way back. */
export async function doToDeals(ids: string[], doing: DealBulk, said: string): Promise<boolean> {
  const outcomes: BulkOutcome[] = [];
  for (let from = 0; from < ids.length; from += MOST) {
    const some = ids.slice(from, from + MOST);
    const { done, problem } = await post<BulkOutcome>('/deals/bulk', { ids: some, ...doing });
    if (problem) {
      warn(whyNot(problem));
      break;
    }
    outcomes.push(done);
  }
  const count = outcomes.reduce((sum, one) => sum + one.count, 0);
  const refused = outcomes.flatMap((one) => one.refused);
  const rest = refused.length > 0 ? `, ${refused.length} not: ${refused[0]?.because}` : '';
  if (count > 0) tell(`${asCount(count, 'deal')} ${said}${rest}`, takeBack(outcomes));
  else if (refused[0]) warn(refused[0].because);
  await invalidate('api:deals');
  return count > 0;
}

function takeBack(outcomes: BulkOutcome[]) {
  const undos = outcomes.flatMap(({ undoId }) => undoId ?? []);
  if (undos.length === 0) return undefined;
  return async () => {
    for (const id of undos) {
      const { problem } = await post(`/undo/${id}`);
      if (problem) warn(problem.title);
    }
    await invalidate('api:deals');
  };
}
