import { type Kysely, sql } from 'kysely';
import {
  boundsOf,
  type DigestSummary,
  morningOf,
  NotificationSettings,
  type NotificationSettingsChange,
  type OwnDigest,
  type OwnDigestChange,
} from '#domain/digest.ts';
import { Refusal } from '#domain/refusal.ts';
import { RiskSettings } from '#domain/risk-settings.ts';
import { changed } from './changes.ts';
import { summaryFor } from './digest-summary.ts';
import { settingsOf } from './overrides.ts';
import type { DB } from './schema.ts';
import type { Scope } from './scope.ts';
import { changeWorkspace, getWorkspace } from './workspaces.ts';

/** Someone whose morning it is, and the day that begins with it. */
export interface Reader {
  workspaceId: string;
  userId: string;
  zone: string;
  day: string;
}

/** What became of a digest. */
export type DigestEnd =
  | { outcome: 'sent'; messageId: string }
  | { outcome: 'nothing' | 'refused' | 'unknown'; because: string };

/** Everyone whose morning has come and whose digest has no end yet. Acts as the owner, for all workspaces. */
export async function dueReaders(db: Kysely<DB>, now: string): Promise<Reader[]> {
  const { rows: zones } = await sql<{ zone: string }>`
    select time_zone as zone from workspaces
    union select digest_zone from members where digest_zone is not null`.execute(db);
  const mornings = zones.flatMap(({ zone }) => {
    const day = morningOf(now, zone);
    return day ? [{ zone, day }] : [];
  });
  const { rows } = await sql<Reader>`
    select m.workspace_id, m.user_id, z.zone, z.day::text as day
    from members m join workspaces w on w.id = m.workspace_id
      join json_to_recordset(${JSON.stringify(mornings)}::json) as z (zone text, day date)
        on z.zone = coalesce(m.digest_zone, w.time_zone)
      left join digests d on d.workspace_id = m.workspace_id and d.user_id = m.user_id and d.day = z.day
    where m.digest and d.outcome is null
    order by m.workspace_id, m.user_id`.execute(db);
  return rows;
}

/**
 * Takes a reader's day, once, with what there was to say then; nothing when it has its end. `again` says that it was
 * taken before: it may have gone out.
 */
export async function claimDigest(
  scope: Scope,
  { userId, zone, day }: Reader,
  now: string,
): Promise<{ summary: DigestSummary; email: string; again: boolean } | undefined> {
  const { db, workspaceId } = scope;
  const member = await db
    .selectFrom('members')
    .select('email')
    .where('userId', '=', userId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!member) return undefined;
  const before = await db
    .selectFrom('digests')
    .select(['summary', 'outcome'])
    .where('userId', '=', userId)
    .where('day', '=', day)
    .executeTakeFirst();
  if (before?.outcome) return undefined;
  if (before)
    return { ...member, summary: before.summary as unknown as DigestSummary, again: true };
  const wanted = await getNotificationSettings(scope);
  const { decay } = await settingsOf(scope, 'risk', RiskSettings);
  const about = { userId, now, zone, day: boundsOf(now, zone), wanted, staleDeal: decay.days };
  const summary = await summaryFor(scope, about);
  await db
    .insertInto('digests')
    .values({ workspaceId, userId, day, summary: JSON.stringify(summary) })
    .execute();
  return { ...member, summary, again: false };
}

export async function endDigest(
  { db }: Scope,
  { userId, day }: Pick<Reader, 'userId' | 'day'>,
  end: DigestEnd,
): Promise<void> {
  const { outcome } = end;
  const how =
    end.outcome === 'sent'
      ? { messageId: end.messageId, sentAt: sql<string>`now()` }
      : { because: end.because };
  await db
    .updateTable('digests')
    .set({ outcome, ...how })
    .where('userId', '=', userId)
    .where('day', '=', day)
    .where('outcome', 'is', null)
    .execute();
}

/** Gives a day back that nobody was written to on: it can be taken again. */
export async function releaseDigest(
  { db }: Scope,
  { userId, day }: Pick<Reader, 'userId' | 'day'>,
): Promise<void> {
  await db
    .deleteFrom('digests')
    .where('userId', '=', userId)
    .where('day', '=', day)
    .where('outcome', 'is', null)
    .execute();
}

export async function getNotificationSettings(scope: Scope): Promise<NotificationSettings> {
  const { settings } = await getWorkspace(scope);
  // Settings are free words that anyone may have written; what is none of ours counts as not said.
  const said = NotificationSettings.safeParse(settings['notifications'] ?? {});
  return said.success ? said.data : NotificationSettings.parse({});
}

export async function changeNotificationSettings(
  scope: Scope,
  change: NotificationSettingsChange,
): Promise<NotificationSettings> {
  const notifications = { ...(await getNotificationSettings(scope)), ...change };
  await changeWorkspace(scope, { settings: { notifications } });
  return notifications;
}

/** What I want myself; a system wants nothing. */
export async function getOwnDigest({ db, actor }: Scope): Promise<OwnDigest> {
  const row = await db
    .selectFrom('members')
    .select(['digest', 'digestZone as timezone'])
    .where('userId', '=', actor)
    .executeTakeFirst();
  if (!row) throw new Refusal('not-found', 'Only a person has a digest.');
  return row;
}

export async function changeOwnDigest(
  scope: Scope,
  { digest, timezone }: OwnDigestChange,
): Promise<OwnDigest> {
  const change = {
    ...(digest !== undefined && { digest }),
    ...(timezone !== undefined && { digestZone: timezone }),
  };
  const { db, actor } = scope;
  if (Object.keys(change).length > 0)
    await db.updateTable('members').set(change).where('userId', '=', actor).execute();
  changed(scope, 'settings');
  return getOwnDigest(scope);
}
