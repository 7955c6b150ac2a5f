import { askWithin, type Stopped } from '#db/asking.ts';
import type { ModelInUse } from '#db/assessment-settings.ts';
import type { Said } from '#integrations/model.ts';
import { askModel, usualModel } from '#integrations/models.ts';
import { pricedFor } from '#rules/costly.ts';
import type { Asked } from '#rules/deal-question.ts';
import type { Deps } from './deps.ts';

/** How long a model may think, in milliseconds. */
const PATIENCE = 40_000;

export type Heard = (Said & { costMicros: number }) | Stopped;

/** What a model says within the month's budget, or why it does not. */
export function hear(
  { db, outbound, now }: Pick<Deps, 'db' | 'outbound' | 'now'>,
  who: { workspaceId: string; actor: string },
  { connection, model: named }: ModelInUse,
  { key, asked }: { key: string; asked: Asked },
): Promise<Heard> {
  const model = named || usualModel(connection.source);
  const { mostMicros, cost } = pricedFor(asked, model, connection);
  const about = { key, purpose: 'assessment' as const, provider: connection.source, model };
  const question = { ...asked, model, timeoutMs: PATIENCE };
  return askWithin<Said>(db, who, {
    call: { ...about, mostMicros },
    ...{ now, cost, ask: () => askModel({ ...connection, outbound }, question) },
  });
}
