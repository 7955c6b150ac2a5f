import { invalidate } from '$app/navigation';
import { post } from '#lib/api.ts';
import type { Deal } from '#lib/deal.ts';
import { asCount } from '#lib/format.ts';
import { tell, warn } from '#lib/toast.ts';

export type BulkAction =
  | { action: 'assign'; ownerId: string | null }
  | { action: 'stage'; stageId: string }
  | { action: 'tag'; slug: string }
  | { action: 'untag'; slug: string }
  | { action: 'delete' };

interface BulkReply {
  items?: { id?: string; refused?: string | null }[];
  /** What takes it back, where the server keeps that. */
  undoId?: string | null;
}

const MOST = 500;

/** Does one thing to many deals, waits for the server, and says how it went, with a way back. */
export async function doToAll(
  ids: string[],
  doing: BulkAction,
  said: string,
  before: Deal[],
): Promise<boolean> {
  const replies: BulkReply[] = [];
  for (let from = 0; from < ids.length; from += MOST) {
    const some = ids.slice(from, from + MOST);
    const { done, problem } = await post<BulkReply>('/deals/bulk', { ids: some, ...doing });
    if (problem) {
      warn([problem.title, problem.errors[0]?.message].filter(Boolean).join(' '));
      return false;
    }
    replies.push(done);
  }
  const refused = replies.flatMap(({ items }) => items ?? []).filter((item) => item.refused);
  const worked = ids.length - refused.length;
  const rest = refused.length > 0 ? `, ${refused.length} not: ${refused[0]?.refused}` : '';
  if (worked === 0) warn(refused[0]?.refused ?? 'Nothing was changed.');
  else {
    tell(`${asCount(worked, 'deal')} ${said}${rest}`, takeBack({ ids, doing, before, replies }));
  }
  await invalidate('api:deals');
  return worked > 0;
}

function takeBack({
  ids,
  doing,
  before,
  replies,
}: {
  ids: string[];
  doing: BulkAction;
  before: Deal[];
  replies: BulkReply[];
}) {
  const kept = replies.flatMap(({ undoId }) => undoId ?? []);
  if (kept.length === replies.length) {
    return () => send(kept.map((id) => [`/undo/${id}`, {}] as const));
  }
  if (doing.action === 'delete' || doing.action === 'untag') return undefined;
  if (doing.action === 'tag') {
    const without = before.filter(({ tags }) => !tags.includes(doing.slug)).map(({ id }) => id);
    if (without.length === 0) return undefined;
    return () => send([['/deals/bulk', { ids: without, action: 'untag', slug: doing.slug }]]);
  }
  if (before.length < ids.length) return undefined;
  const key = doing.action === 'assign' ? 'ownerId' : 'stageId';
  const was = Map.groupBy(before, (deal) => deal[key]);
  return () =>
    send(
      [...was].map(([value, deals]) => [
        '/deals/bulk',
        { ids: deals.map(({ id }) => id), action: doing.action, [key]: value },
      ]),
    );
}

async function send(calls: (readonly [string, object])[]): Promise<void> {
  for (const [path, body] of calls) {
    const { problem } = await post(path, body);
    if (problem) warn(problem.title);
  }
  await invalidate('api:deals');
}
