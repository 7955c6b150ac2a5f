import { sql } from 'kysely';
import { insertRows } from './rows.ts';
import type { Scope } from './scope.ts';
import { stopEnrolments } from './standing.ts';

interface Two {
  mergeId: string;
  keptId: string;
  mergedId: string;
}

/** What a merge adds beside what it changes. */
export interface Added {
  leadTags: { leadId: string; slug: string }[];
  recordTags: string[];
  suppressions: { channel: string; address: string; liftedAt: string | null; isNew: boolean }[];
  stopped: string[];
}

/**
 * A person has one open lead: the other is closed, its walks end, its tags and open tasks go over. Before the leads
 * change hands.
 */
export async function closeSecondLead(
  scope: Scope,
  { mergeId, keptId, mergedId }: Two,
): Promise<Pick<Added, 'leadTags' | 'stopped'>> {
  const { db, workspaceId, actor } = scope;
  const open = await db
    .selectFrom('leads')
    .select(['id', 'contactId'])
    .where('contactId', 'in', [keptId, mergedId])
    .where('isOpen', '=', true)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
  const stays = open.find(({ contactId }) => contactId === keptId);
  const closes = open.find(({ contactId }) => contactId === mergedId);
  if (!stays || !closes) return { leadTags: [], stopped: [] };
  const { enrolmentIds } = await stopEnrolments(
    scope,
    { leadId: closes.id },
    {
      reason: 'merged',
      because: 'the person was merged with another',
      eventId: `merge:${mergeId}`,
    },
  );
  await sql`update leads set status = 'unqualified', updated_at = now() where id = ${closes.id}`.execute(
    db,
  );
  await sql`update tasks set lead_id = ${stays.id}
    where lead_id = ${closes.id} and enrolment_id is null and done_at is null and cancelled_at is null`.execute(
    db,
  );
  const { rows: leadTags } = await sql<{ leadId: string; slug: string }>`
    insert into lead_tags (workspace_id, lead_id, slug, applied_by, applied_at)
    select workspace_id, ${stays.id}::uuid, slug, applied_by, applied_at from lead_tags
    where lead_id = ${closes.id} and removed_at is null
    on conflict do nothing returning lead_id, slug`.execute(db);
  const lines = [
    { leadId: closes.id, title: 'Closed: the person was merged', data: { into: stays.id } },
    {
      leadId: stays.id,
      title: 'Another lead of this person was merged',
      data: { from: closes.id },
    },
  ];
  await insertRows(
    scope,
    'activities',
    lines.map((line) => ({ workspaceId, actor, kind: 'lead_merged', ...line })),
    ['id'],
  );
  return { leadTags, stopped: enrolmentIds };
}

/** Nobody walks one sequence twice: of two walks the one that began first goes on. */
export async function endDoubleWalks(scope: Scope, { mergeId, keptId }: Two): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from (
      select id, row_number() over (partition by sequence_id order by enrolled_at, id) as n
      from enrolments where contact_id = ${keptId} and status in ('active', 'paused', 'blocked')) walks
    where n > 1`.execute(scope.db);
  for (const { id } of rows) {
    await stopEnrolments(
      scope,
      { enrolmentId: id },
      { reason: 'merged', because: 'the person walks this already', eventId: `merge:${mergeId}` },
    );
  }
  return rows.map(({ id }) => id);
}

/** What was forbidden for one of their addresses is forbidden for the one they are left with. */
export async function keepSuppressions(
  { db, workspaceId }: Scope,
  addresses: { from: (string | null)[]; email: string | null; phone: string | null },
): Promise<Added['suppressions']> {
  const from = addresses.from.filter((address) => address !== null);
  const { rows } = await sql<Added['suppressions'][number]>`
    with forbidden as (
      select distinct on (channel) channel, reason from suppressions
      where address = any(${from}::text[]) and lifted_at is null order by channel, at),
    wanted as (
      select channel, reason, address from forbidden, lateral (values
        (${addresses.email}::text, 'email'), (${addresses.phone}::text, 'sms')) left_with (address, of)
      where address is not null and channel in ('all', of)),
    before as (
      select w.channel, w.address, s.lifted_at, s.address is null as is_new, w.reason
      from wanted w left join suppressions s on s.channel = w.channel and s.address = w.address
      where s.address is null or s.lifted_at is not null),
    kept as (
      insert into suppressions (workspace_id, channel, address, reason, source)
      select ${workspaceId}::uuid, channel, address, reason, 'merge' from before
      on conflict (workspace_id, channel, address) do update set lifted_at = null)
    select channel, address, lifted_at, is_new from before`.execute(db);
  return rows;
}

/** The words the leads of a person, or of a firm, are found by. */
export async function refreshLeads(
  { db }: Scope,
  of: 'contact_id' | 'company_id',
  id: string,
): Promise<void> {
  await sql`update leads l set search =
      lower(concat_ws(' ', c.first_name, c.last_name, c.email, c.phone, c.phone_e164, co.name, co.domain))
    from contacts c left join companies co on co.id = c.company_id
    where l.contact_id = c.id and ${sql.ref(`l.${of}`)} = ${id}`.execute(db);
}
