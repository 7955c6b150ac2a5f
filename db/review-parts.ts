import { sql } from 'kysely';
import { type Fault, Refusal } from '#domain/refusal.ts';
import type { ReviewInput } from '#domain/review.ts';
import type { Scope } from './scope.ts';

/** Refuses a review that names a pipeline, a view, a template, a connection or a member that is not there. */
export async function refuseStrangers(
  { db, actor }: Scope,
  { source, templateId, delivery }: ReviewInput,
): Promise<void> {
  const pipelineId = source.kind === 'pipeline' ? (source.pipelineId ?? null) : null;
  const viewId = source.kind === 'view' ? source.viewId : null;
  const { slackConnectionId, inApp } = delivery;
  const { rows } = await sql<{ field: string; message: string }>`
    select 'source.pipelineId' as field, 'There is no such pipeline.' as message
      where ${pipelineId}::uuid is not null and not exists (select from pipelines where id = ${pipelineId})
    union all select 'source.viewId', 'There is no such view of deals.'
      where ${viewId}::uuid is not null and not exists (
        select from saved_views where id = ${viewId} and list = 'deals' and (is_shared or owner_id = ${actor}))
    union all select 'templateId', 'There is no such template.'
      where ${templateId}::uuid is not null and not exists (select from report_templates where id = ${templateId})
    union all select 'delivery.slackConnectionId', 'There is no such connection to Slack.'
      where ${slackConnectionId}::uuid is not null and not exists (
        select from connections where id = ${slackConnectionId} and source = 'slack' and removed_at is null)
    union all select 'delivery.inApp', 'One of these is no member.'
      where exists (select from unnest(${inApp}::text[]) u where u not in (select user_id from members))`.execute(
    db,
  );
  const faults: Fault[] = rows;
  if (faults.length > 0)
    throw new Refusal('invalid', 'The review names something that is not there.', faults);
}
