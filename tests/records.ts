import type { Scope } from '#db/scope.ts';

type Made = { status?: 'open' | 'won' | 'lost'; name?: string; amountCents?: number } & Partial<{
  companyId: string;
  contactId: string;
  ownerId: string;
  wonAt: string;
  lastActivityAt: string;
}>;

/** A deal as a row, in the first pipeline; a won or lost one stands in the stage of its kind. Answers its id. */
export async function dealRow(scope: Scope, given: Made = {}): Promise<string> {
  const { db, workspaceId, actor } = scope;
  const { status = 'open', amountCents = 100_00, name = 'Cameras', ...rest } = given;
  const stage = await db
    .selectFrom('stages')
    .select(['id', 'pipelineId', 'probability'])
    .where('kind', '=', status)
    .orderBy('position')
    .executeTakeFirstOrThrow();
  const at = new Date().toISOString();
  const { id } = await db
    .insertInto('deals')
    .values({
      ...{ workspaceId, pipelineId: stage.pipelineId, stageId: stage.id, status, name },
      ...{ amountCents, typedCents: amountCents, probability: stage.probability },
      ...{ createdBy: actor, wonAt: status === 'won' ? at : null, ...rest },
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}
