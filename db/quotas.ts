import type { Commit } from '#domain/forecast-page.ts';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import type { Scope } from './scope.ts';

/** What was set and committed to for some months; the owner '' stands for the whole workspace. */
export interface Promises {
  quota(month: string, owner: string): number | null;
  commit(month: string, owner: string): Commit | null;
}

export async function promisesFor({ db }: Scope, months: string[], owner = ''): Promise<Promises> {
  const quotas = await db
    .selectFrom('quotas')
    .select(['month', 'ownerId', 'amountCents'])
    .where('month', 'in', months)
    .execute();
  const commits = await db
    .selectFrom('forecastCommits')
    .distinctOn(['month', 'ownerId'])
    .select(['month', 'ownerId', 'amountCents', 'weightedCents', 'note', 'actor', 'at'])
    .where('month', 'in', months)
    .where('ownerId', '=', owner)
    .orderBy('month')
    .orderBy('ownerId')
    .orderBy('id', 'desc')
    .execute();
  return {
    quota: (month, of) =>
      quotas.find((one) => one.month === month && one.ownerId === of)?.amountCents ?? null,
    commit(month, of) {
      const found = commits.find((one) => one.month === month && one.ownerId === of);
      return found ? shown(found) : null;
    },
  };
}

/** What somebody, or the workspace, is to sell in a month. Nothing takes the quota away. */
export async function setQuota(
  scope: Scope,
  given: { month: string; ownerId: string | null; amountCents: number | null },
): Promise<void> {
  const { db, workspaceId, actor } = scope;
  const { month, ownerId, amountCents } = given;
  await refuseStranger(scope, ownerId);
  const key = { month: `${month}-01`, ownerId: ownerId ?? '' };
  changed(scope, 'forecast');
  if (amountCents === null) {
    await db
      .deleteFrom('quotas')
      .where('month', '=', key.month)
      .where('ownerId', '=', key.ownerId)
      .execute();
    return;
  }
  const values = { amountCents, setBy: actor };
  await db
    .insertInto('quotas')
    .values({ workspaceId, ...key, ...values })
    .onConflict((there) => there.columns(['workspaceId', 'month', 'ownerId']).doUpdateSet(values))
    .execute();
}

/** Gives one's word for a month. Earlier words stay; the last one counts. */
export async function commitForecast(
  scope: Scope,
  given: Omit<Commit, 'actor' | 'at'>,
): Promise<Commit> {
  const { db, workspaceId, actor } = scope;
  const { month, ownerId, ...values } = given;
  await refuseStranger(scope, ownerId);
  const row = await db
    .insertInto('forecastCommits')
    .values({ workspaceId, actor, month: `${month}-01`, ownerId: ownerId ?? '', ...values })
    .returning(['month', 'ownerId', 'amountCents', 'weightedCents', 'note', 'actor', 'at'])
    .executeTakeFirstOrThrow();
  changed(scope, 'forecast');
  return shown(row);
}

function shown({ month, ownerId, ...rest }: Commit & { ownerId: string | null }): Commit {
  return { month: month.slice(0, 7), ownerId: ownerId || null, ...rest };
}

async function refuseStranger({ db }: Scope, userId: string | null): Promise<void> {
  if (userId === null) return;
  const member = await db
    .selectFrom('members')
    .select('userId')
    .where('userId', '=', userId)
    .executeTakeFirst();
  const fault = { field: 'ownerId', message: 'Nobody here has this id.' };
  if (!member) throw new Refusal('invalid', 'There is no such member.', [fault]);
}
