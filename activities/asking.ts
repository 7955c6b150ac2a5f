import { endCall, reserveCall } from '#db/model-calls.ts';
import type { ModelInUse } from '#db/assessment-settings.ts';
import { inWorkspace } from '#db/scope.ts';
import { askModel, usualModel } from '#integrations/models.ts';
import type { Asked } from '#rules/deal-question.ts';
import { costOf, mostOf, priceOf } from '#rules/model-prices.ts';
import type { Deps } from './deps.ts';

/** How long a model may think, in milliseconds. */
const PATIENCE = 40_000;

/** What a model said within the budget, or why it did not. */
export type Heard =
  | {
      is: 'answered';
      json: unknown;
      model: string;
      tokensIn: number;
      tokensOut: number;
      costMicros: number;
    }
  | { is: 'failed' | 'stopped'; because: string };

export const SPENT = 'The budget of the month is spent.';

/** Asks once: what it may cost is set aside before, what it did cost is kept after. */
export async function askWithin(
  { db, outbound, now }: Pick<Deps, 'db' | 'outbound' | 'now'>,
  who: { workspaceId: string; actor: string },
  { connection, model: named }: ModelInUse,
  { key, asked }: { key: string; asked: Asked },
): Promise<Heard> {
  const { source: provider, settings } = connection;
  const model = named || usualModel(provider);
  const price = priceOf(model, settings);
  const mostMicros = mostOf(price, asked);
  const call = { key, purpose: 'assessment' as const, provider, model, mostMicros, now: now() };
  const id = await inWorkspace(db, who, (scope) => reserveCall(scope, call));
  if (!id) return { is: 'stopped', because: SPENT };
  const { system, prompt, schema, maxTokens } = asked;
  const question = { system, prompt, schema, maxTokens, model, timeoutMs: PATIENCE };
  const said = await askModel({ ...connection, outbound }, question);
  const ended =
    said.is === 'answered'
      ? {
          ...tokensOf(said),
          costMicros: costOf(price, said.tokensIn, said.tokensOut),
          because: null,
        }
      : {
          ...{ tokensIn: 0, tokensOut: 0, because: said.because },
          costMicros: said.isPaid ? null : 0,
        };
  await inWorkspace(db, who, (scope) => endCall(scope, id, { ...ended, now: now() }));
  if (said.is === 'failed') return { is: 'failed', because: said.because };
  return { ...said, costMicros: ended.costMicros! };
}

function tokensOf({ tokensIn, tokensOut }: { tokensIn: number; tokensOut: number }) {
  return { tokensIn, tokensOut };
}
