import { sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import type { Review } from '#domain/review.ts';
import { changed } from './changes.ts';
import { getRun } from './review-turns.ts';
import { getReview } from './reviews.ts';
import type { Scope } from './scope.ts';

/** Notes what a run came to and who is to be told, once; answers the deliveries that wait. */
export async function planReview(scope: Scope, runId: string): Promise<string[]> {
  const run = await getRun(scope, runId);
  const review = await getReview(scope, run.reviewId);
  if (!run.analysisId) return [];
  const found = await foundBy(scope, run.analysisId);
  if (found.status !== 'done')
    throw new Refusal('conflict', found.problem ?? `The analysis was ${found.status}.`);
  const change = found.before === null ? null : found.health - found.before;
  await scope.db
    .updateTable('reviewRuns')
    .set({ health: found.health, change, counts: JSON.stringify(found.counts) })
    .where('id', '=', runId)
    .execute();
  const people = await peopleFor(scope, review, run.analysisId);
  const skipped = whyNobody(review, change);
  const rows = people.map((one) => {
    const because = skipped ?? (one.channel === 'slack' ? whyNotSlack(review, found.health) : null);
    const end = because ? { state: 'skipped', because, endedAt: sql<string>`now()` } : {};
    const { workspaceId } = scope;
    return { workspaceId, reviewId: review.id, runId, slot: run.slot, ...one, ...end };
  });
  if (rows.length > 0)
    await scope.db
      .insertInto('reviewDeliveries')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  changed(scope, 'reviews');
  return waitingOf(scope, runId, 'report');
}

/** Plans to tell owners and admins of what was given up in a run, once per slot; answers what waits. */
export async function planAlerts(scope: Scope, runId: string): Promise<string[]> {
  const { db, workspaceId } = scope;
  const { reviewId, slot } = await getRun(scope, runId);
  await sql`
    insert into review_deliveries (workspace_id, review_id, run_id, slot, purpose, channel, recipient, user_id)
    select ${workspaceId}, ${reviewId}, ${runId}, ${slot}, 'alert', way.channel,
      case way.channel when 'app' then m.user_id else m.email end, m.user_id
    from members m cross join (values ('app'), ('email')) as way (channel)
    where m.role in ('owner', 'admin')
      and exists (select from review_failures f where f.run_id = ${runId} and f.state = 'open')
    on conflict do nothing`.execute(db);
  return waitingOf(scope, runId, 'alert');
}

interface Person {
  channel: 'email' | 'slack' | 'app';
  recipient: string;
  userId: string | null;
  whole: boolean;
}

/** Who is told, each once: who gets everything does not get their own list as well. */
async function peopleFor(
  { db }: Scope,
  { delivery, slackUrl }: Pick<Review, 'delivery'> & { slackUrl: string | null },
  analysisId: string,
): Promise<Person[]> {
  const { emails, inApp, owners, slackConnectionId, slackHint } = delivery;
  const slack = slackUrl ? (slackHint ?? 'webhook') : slackConnectionId;
  const own = owners
    ? await db
        .selectFrom('members')
        .select(['userId', 'email'])
        .where('userId', 'in', (of) =>
          of
            .selectFrom('analysisDeals')
            .select(sql<string>`owner_id`.as('ownerId'))
            .where('analysisId', '=', analysisId)
            .where('ownerId', 'is not', null)
            .where(sql<boolean>`critical + warning + info > 0`),
        )
        .where('email', 'not in', emails.length > 0 ? emails : [''])
        .orderBy('userId')
        .execute()
    : [];
  const known = emails.length > 0 ? await membersAt(db, emails) : new Map<string, string>();
  return [
    ...emails.map((email) => ({
      ...{ channel: 'email' as const, recipient: email, whole: true },
      userId: known.get(email) ?? null,
    })),
    ...own.map(({ userId, email }) => ({
      ...{ channel: 'email' as const, recipient: email, userId, whole: false },
    })),
    ...(slack ? [{ channel: 'slack' as const, recipient: slack, userId: null, whole: true }] : []),
    ...inApp.map((userId) => ({
      ...{ channel: 'app' as const, recipient: userId, userId, whole: true },
    })),
  ];
}

async function membersAt(db: Scope['db'], emails: string[]): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('members')
    .select(['userId', sql<string>`lower(email)`.as('email')])
    .where(sql`lower(email)`, 'in', emails)
    .execute();
  return new Map(rows.map(({ email, userId }) => [email, userId]));
}

function whyNobody({ delivery }: Pick<Review, 'delivery'>, change: number | null): string | null {
  if (!delivery.onlyIfWorse || change === null || change < 0) return null;
  return 'It is not worse than the time before.';
}

function whyNotSlack({ delivery }: Pick<Review, 'delivery'>, health: number): string | null {
  const { slackBelow } = delivery;
  if (slackBelow === null || health < slackBelow) return null;
  return `The health is ${health}, not below ${slackBelow}.`;
}

async function foundBy({ db }: Scope, analysisId: string) {
  const { rows } = await sql<{
    status: string;
    problem: string | null;
    health: number;
    before: number | null;
    counts: Record<'critical' | 'warning' | 'info' | 'deals', number>;
  }>`
    select a.status, a.problem, coalesce(a.health, 0) as health, p.health as before,
      json_build_object('critical', coalesce((a.summary->'severity'->>'CRITICAL')::int, 0),
        'warning', coalesce((a.summary->'severity'->>'WARNING')::int, 0),
        'info', coalesce((a.summary->'severity'->>'INFO')::int, 0),
        'deals', coalesce((a.summary->>'deals')::int, a.rows)) as counts
    from analyses a left join analyses p on p.workspace_id = a.workspace_id and p.id = a.previous_id
    where a.id = ${analysisId}`.execute(db);
  if (!rows[0]) throw new Refusal('not-found', 'The analysis was removed.');
  return rows[0];
}

async function waitingOf({ db }: Scope, runId: string, purpose: string): Promise<string[]> {
  const rows = await db
    .selectFrom('reviewDeliveries')
    .select('id')
    .where('runId', '=', runId)
    .where('purpose', '=', purpose)
    .where('state', 'in', ['waiting', 'claimed'])
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}
