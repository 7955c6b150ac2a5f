import { post } from '#lib/api.ts';
import { asCount } from '#lib/format.ts';
import type { LeadRow } from '#lib/lead.ts';
import { tell, warn } from '#lib/toast.ts';

export type BulkAction =
  | { action: 'enrol'; sequenceId: string }
  | { action: 'tag'; slug: string }
  | { action: 'untag'; slug: string }
  | { action: 'assign'; ownerId: string | null }
  | { action: 'status'; status: string };

interface BulkReply {
  items?: { leadId: string; refused?: string }[];
}

/** Does one thing to many leads, waits for the server, and says how it went; Undo where it is safe. */
export async function doToAll(
  ids: string[],
  doing: BulkAction,
  said: string,
  before: LeadRow[],
): Promise<boolean> {
  const { done, problem } = await post<BulkReply>('/leads/bulk', { ids, ...doing });
  if (problem) {
    warn(`${problem.title} ${problem.errors[0]?.message ?? ''}`.trim());
    return false;
  }
  const refused = done.items?.filter((item) => item.refused) ?? [];
  const worked = ids.length - refused.length;
  const rest = refused.length > 0 ? `, ${refused.length} not: ${refused[0]?.refused}` : '';
  tell(`${asCount(worked, 'lead')} ${said}${rest}`, takeBack(ids, doing, before));
  return true;
}

/** What would put it back; nothing for an enrolment, which may already have reached people. */
function takeBack(ids: string[], doing: BulkAction, before: LeadRow[]) {
  if (doing.action === 'enrol' || doing.action === 'untag') return undefined;
  if (doing.action === 'tag') {
    const without = before.filter(({ tags }) => !tags?.includes(doing.slug)).map(({ id }) => id);
    const untag: BulkAction = { action: 'untag', slug: doing.slug };
    return without.length > 0 ? () => send(without, untag) : undefined;
  }
  if (before.length < ids.length) return undefined;
  return async () => {
    const was = Object.groupBy(before, (lead) =>
      doing.action === 'assign' ? (lead.ownerId ?? '') : lead.status,
    );
    for (const [value, leads] of Object.entries(was)) {
      const back: BulkAction =
        doing.action === 'assign'
          ? { action: 'assign', ownerId: value || null }
          : { action: 'status', status: value };
      await send(
        (leads ?? []).map(({ id }) => id),
        back,
      );
    }
  };
}

async function send(ids: string[], doing: BulkAction): Promise<void> {
  const { problem } = await post('/leads/bulk', { ids, ...doing });
  if (problem) warn(problem.title);
}
