import { sql } from 'kysely';
import { changed } from './changes.ts';
import { startLater } from './outbox.ts';
import { lookedAt } from './result-rules.ts';
import { insertRows } from './rows.ts';
import type { Scope } from './scope.ts';

/** Who gets no list, and why. */
export interface LeftOwner {
  ownerId: string;
  because: string;
}

/** Promises each owner of deals with findings, or those who are named, a mail with their own list. */
export async function sendLists(
  scope: Scope,
  id: string,
  owners: string[] | undefined,
): Promise<{ sent: number; left: LeftOwner[] }> {
  const { workspaceId, actor } = scope;
  await lookedAt(scope, id);
  const found = await ownersOf(scope, id);
  const asked = owners ? [...new Set(owners)] : [...found.keys()];
  const left = asked.flatMap((ownerId): LeftOwner[] => {
    const isMember = found.get(ownerId);
    if (isMember) return [];
    const because =
      isMember === undefined
        ? 'Nothing was found on deals of theirs.'
        : 'They are no member, and have no address here.';
    return [{ ownerId, because }];
  });
  const none = new Set(left.map(({ ownerId }) => ownerId));
  const to = asked.filter((ownerId) => !none.has(ownerId));
  if (to.length === 0) return { sent: 0, left };
  const sendId = crypto.randomUUID();
  const rows = to.map((userId) => ({
    ...{ workspaceId, sendId, analysisId: id, userId, sentBy: actor },
  }));
  await insertRows(scope, 'findingLetters', rows, ['id']);
  await startLater(scope, {
    ...{ workflow: 'sendLists', workflowId: `lists:${workspaceId}:${sendId}` },
    input: [{ workspaceId, sendId }],
  });
  changed(scope, 'analyses');
  return { sent: to.length, left };
}

/** Those on whose deals something was found, and whether they are members. */
async function ownersOf({ db }: Scope, id: string): Promise<Map<string, boolean>> {
  const { rows } = await sql<{ ownerId: string; isMember: boolean }>`
    select owner_id, exists (select from members m where m.user_id = d.owner_id) as is_member
    from (select distinct owner_id from analysis_deals
      where analysis_id = ${id} and owner_id is not null and critical + warning + info > 0) d
    order by owner_id`.execute(db);
  return new Map(rows.map(({ ownerId, isMember }) => [ownerId, isMember]));
}

/** The lists of one click that have no end yet. */
export async function openLetters({ db }: Scope, sendId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('findingLetters')
    .select('id')
    .where('sendId', '=', sendId)
    .where('outcome', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** A list that is about to be sent. */
export interface ClaimedLetter {
  id: string;
  analysisId: string;
  analysis: string;
  userId: string;
  email: string;
  name: string;
  /** Who sent it, by name. */
  from: string;
  /** For how many milliseconds it has been claimed; null when it was not. */
  claimedFor: number | null;
}

/** Takes a list to send it; nothing when it has its end, or its reader has left. */
export async function claimLetter(
  scope: Scope,
  letterId: string,
  now: string,
): Promise<ClaimedLetter | undefined> {
  const { rows } = await sql<
    Omit<ClaimedLetter, 'claimedFor' | 'email'> & { email: string | null; claimedAt: string | null }
  >`
    select l.id, l.analysis_id, a.name as analysis, l.user_id, m.email, coalesce(m.name, '') as name,
      coalesce((select s.name from members s where s.user_id = l.sent_by), 'Throughline') as "from", l.claimed_at
    from finding_letters l join analyses a on a.id = l.analysis_id left join members m on m.user_id = l.user_id
    where l.id = ${letterId} and l.outcome is null for no key update of l`.execute(scope.db);
  const [row] = rows;
  if (!row) return undefined;
  const { claimedAt, email, ...letter } = row;
  if (!email) {
    await endLetter(scope, letterId, {
      outcome: 'refused',
      because: 'They are no member any more.',
    });
    return undefined;
  }
  await sql`update finding_letters set claimed_at = coalesce(claimed_at, ${now}::timestamptz)
    where id = ${letterId}`.execute(scope.db);
  const claimedFor = claimedAt ? Date.parse(now) - Date.parse(claimedAt) : null;
  return { ...letter, email, claimedFor };
}

export type LetterEnd =
  { outcome: 'sent'; messageId: string } | { outcome: 'refused' | 'unknown'; because: string };

export async function endLetter(scope: Scope, letterId: string, end: LetterEnd): Promise<void> {
  await scope.db
    .updateTable('findingLetters')
    .set(end)
    .where('id', '=', letterId)
    .where('outcome', 'is', null)
    .execute();
  changed(scope, 'analyses');
}

/** Gives a list back that did not go out: it can be taken again. */
export async function releaseLetter({ db }: Scope, letterId: string): Promise<void> {
  await db
    .updateTable('findingLetters')
    .set({ claimedAt: null })
    .where('id', '=', letterId)
    .where('outcome', 'is', null)
    .execute();
}
