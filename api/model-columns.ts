import { askWithin } from '#db/asking.ts';
import { modelInUse } from '#db/assessment-settings.ts';
import { inWorkspace } from '#db/scope.ts';
import type { AnalysisColumn } from '#domain/analysis.ts';
import type { Said } from '#integrations/model.ts';
import { askModel, usualModel } from '#integrations/models.ts';
import {
  columnQuestion,
  type KnownField,
  type ProposedColumn,
  readColumns,
} from '#rules/column-question.ts';
import { pricedFor } from '#rules/costly.ts';
import { withProposals } from '#rules/deal-columns.ts';
import { dealFields } from '#rules/deal-fields.ts';
import type { Deps } from './deps.ts';

/** How long somebody who uploads a file waits for a model, in milliseconds. */
const PATIENCE = 15_000;

type Reached = Pick<Deps, 'db' | 'outbound' | 'encryptionKey' | 'now'>;

/** The columns of a file of deals; for those that nothing here knows, the connected model may guess a field. */
export async function guessed(
  deps: Reached,
  who: { workspaceId: string; actor: string },
  columns: AnalysisColumn[],
): Promise<AnalysisColumn[]> {
  const taken = new Set(columns.map(({ field }) => field));
  const open = columns.filter(({ field, filled }) => !field && filled > 0);
  const fields = dealFields
    .filter(({ field }) => !taken.has(field))
    .map(({ field, label }) => ({ field, label }));
  return withProposals(columns, await proposeByModel(deps, who, open, fields));
}

/**
 * What the connected model takes columns for: only their names and the form of their values leave the house, and
 * nothing that it says is sure. Nothing without a model, without budget, or when it fails. Not inside a transaction.
 */
export async function proposeByModel(
  { db, outbound, encryptionKey, now }: Reached,
  who: { workspaceId: string; actor: string },
  columns: { name: string; samples: string[] }[],
  fields: KnownField[],
): Promise<ProposedColumn[]> {
  if (columns.length === 0) return [];
  const used = await inWorkspace(db, who, (scope) => modelInUse(scope, encryptionKey));
  if (!used) return [];
  const { connection } = used;
  const model = used.model || usualModel(connection.source);
  const asked = columnQuestion(columns, fields);
  const { mostMicros, cost } = pricedFor(asked, model, connection);
  const key = `mapping:${crypto.randomUUID()}`;
  const about = { key, purpose: 'mapping' as const, provider: connection.source, model };
  const question = { ...asked, model, timeoutMs: PATIENCE };
  const heard = await askWithin<Said>(db, who, {
    call: { ...about, mostMicros },
    ...{ now, cost, ask: () => askModel({ ...connection, outbound }, question) },
  });
  return heard.is === 'answered' ? readColumns(heard.json, asked.names, fields) : [];
}
