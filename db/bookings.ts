import { sql } from 'kysely';
import type { Booking, BookingNews } from '#domain/booking.ts';
import { changed } from './changes.ts';
import { lockLead } from './lead-changes.ts';
import type { Scope } from './scope.ts';
import { hearEvent, stopEnrolments } from './standing.ts';
import { addTask } from './tasks.ts';

const columns = [
  ...(['id', 'source', 'leadId', 'title', 'startsAt', 'endsAt', 'location', 'organizer'] as const),
  ...(['status', 'reason', 'timesMoved', 'createdAt'] as const),
] as const;

/** What became of the news: whether it was the latest word on this meeting, and which of our rows it is. */
interface Kept {
  bookingId: string;
  isNews: boolean;
}

/**
 * Keeps one row for a meeting, whatever becomes of it, with one task that stands where the meeting does. Sequences that
 * end with a meeting end when it is booked. Told twice or too late, it changes nothing.
 */
export async function keepBooking(
  scope: Scope,
  { leadId, source }: { leadId: string; source: string },
  news: BookingNews,
): Promise<Kept> {
  const { ownerId } = await lockLead(scope, leadId);
  const before = await findBooking(scope, source, news);
  if (before && Date.parse(before.toldAt) >= Date.parse(news.toldAt))
    return { bookingId: before.id, isNews: false };
  const taskId = await planMeeting(
    scope,
    { leadId, ownerId, taskId: before?.taskId ?? null },
    news,
  );
  const { uid, kind, toldAt, title, startsAt, endsAt } = news;
  const row = {
    ...{ title, startsAt, endsAt, toldAt, taskId, leadId },
    ...{ location: news.location ?? null, organizer: news.organizer ?? null },
    ...{ reason: news.reason ?? null, status: kind === 'cancelled' ? 'cancelled' : 'booked' },
    timesMoved: (before?.timesMoved ?? 0) + (kind === 'moved' ? 1 : 0),
    uids: [...new Set([...(before?.uids ?? []), uid, ...(news.before ? [news.before] : [])])],
  };
  const bookingId = before
    ? before.id
    : (
        await scope.db
          .insertInto('bookings')
          .values({ workspaceId: scope.workspaceId, source, ...row })
          .returning('id')
          .executeTakeFirstOrThrow()
      ).id;
  if (before) await scope.db.updateTable('bookings').set(row).where('id', '=', bookingId).execute();
  await tell(scope, { leadId, bookingId }, news);
  changed(scope, 'leads', 'today');
  return { bookingId, isNews: true };
}

/** The meetings of a lead, or all that are still to come; the next first. */
export async function listBookings(
  { db }: Scope,
  { lead, limit }: { lead?: string; limit: number },
): Promise<Booking[]> {
  const all = db.selectFrom('bookings').select(columns).orderBy('startsAt').limit(limit);
  const rows = await (
    lead
      ? all.where('leadId', '=', lead)
      : all.where('status', '=', 'booked').where('endsAt', '>', sql<string>`now()`)
  ).execute();
  return rows as Booking[];
}

async function findBooking({ db }: Scope, source: string, { uid, before }: BookingNews) {
  const names = before ? [uid, before] : [uid];
  return db
    .selectFrom('bookings')
    .select(['id', 'uids', 'taskId', 'timesMoved', 'toldAt'])
    .where('source', '=', source)
    .where(sql<boolean>`uids && ${names}::text[]`)
    .forUpdate()
    .executeTakeFirst();
}

/** Whoever meets them finds it in Today; cancelled, it is off the list. */
async function planMeeting(
  scope: Scope,
  { leadId, ownerId, taskId }: { leadId: string; ownerId: string | null; taskId: string | null },
  { kind, title, startsAt, location }: BookingNews,
): Promise<string | null> {
  const { db } = scope;
  const there = db.updateTable('tasks').where('id', '=', taskId).where('doneAt', 'is', null);
  if (kind === 'cancelled') {
    await there.set({ cancelledAt: sql`now()`, outcome: 'cancelled' }).execute();
    return taskId;
  }
  if (taskId) {
    const due = { dueAt: startsAt, title, cancelledAt: null, snoozedUntil: null, outcome: null };
    await there.set(due).execute();
    return taskId;
  }
  const what = { kind: 'meeting' as const, title, dueAt: startsAt, body: location ?? null };
  return (await addTask(scope, { leadId, assigneeId: ownerId, ...what })).id;
}

const said = {
  booked: { kind: 'meeting', words: 'Meeting booked' },
  moved: { kind: 'booking_moved', words: 'Meeting moved' },
  cancelled: { kind: 'booking_cancelled', words: 'Meeting cancelled' },
};

async function tell(
  scope: Scope,
  { leadId, bookingId }: { leadId: string; bookingId: string },
  { kind, title, uid, toldAt, startsAt, endsAt, reason }: BookingNews,
): Promise<void> {
  const { db, workspaceId, actor } = scope;
  const eventId = `booking:${kind}:${uid}`;
  await db
    .insertInto('activities')
    .values({
      ...{ workspaceId, actor, leadId, kind: said[kind].kind, at: toldAt },
      ...{ title: `${said[kind].words}: ${title}`, body: reason ?? null },
      data: JSON.stringify({ bookingId, startsAt, endsAt }),
    })
    .execute();
  await db
    .updateTable('leads')
    .set({ lastActivityAt: sql`now()`, updatedAt: sql`now()` })
    .where('id', '=', leadId)
    .execute();
  if (kind !== 'booked') return;
  await hearEvent(scope, { leadId }, { id: eventId, event: 'meeting.booked', at: toldAt });
  const because = `${title} was booked`;
  await stopEnrolments(scope, { leadId }, { reason: 'meeting', because, eventId, onlyExits: true });
}
