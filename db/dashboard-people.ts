import { type Dashboard, percentOf } from '#domain/dashboard.ts';
import { groupedBy } from '#domain/forecast.ts';
import { type Closed, whole } from './dashboard-closed.ts';
import type { Links } from './dashboard-figures.ts';
import type { NewLeads } from './dashboard-leads.ts';
import type { Work } from './dashboard-work.ts';
import type { Reading } from './forecast-deals.ts';

type Members = { userId: string; name: string }[];
type Performance = Dashboard['comparison']['me']['thisMonth'];

/** Tasks of this week by member, who did the most first. */
export function teamOf({ byMember }: Work, members: Members): Dashboard['team'] {
  const items = members
    .map(({ userId, name }) => {
      const { done = 0, open = 0 } = byMember.find((one) => one.userId === userId) ?? {};
      return { userId, name, done, open };
    })
    .sort((a, b) => b.done - a.done || b.open - a.open || a.name.localeCompare(b.name));
  const any = items.some(({ done, open }) => done + open > 0);
  return { items, href: '/today', because: any ? null : 'Nobody has a task this week.' };
}

/** Everyone who owns or closed a deal, beside each other. */
export function repsOf(
  { counted, leftOut }: Reading,
  closed: readonly Closed[],
  { members, links }: { members: Members; links: Links },
): Dashboard['reps'] {
  const open = counted.filter(({ isWon }) => !isWon);
  const weighted = groupedBy(open, ({ deal }) => deal.ownerId);
  const owned = new Map<string | null, number>();
  for (const { deal } of [...open, ...leftOut])
    owned.set(deal.ownerId, (owned.get(deal.ownerId) ?? 0) + deal.amountCents);
  const byOwner = closed.filter(({ grouped }) => grouped === 'owner');
  const ids = new Set([...owned.keys(), ...byOwner.map(({ ownerId }) => ownerId)]);
  const items = [...ids].map((userId) => {
    const ended = byOwner.find(({ ownerId }) => ownerId === userId);
    const name = members.find((member) => member.userId === userId)?.name;
    return {
      ...{ userId, name: name ?? (userId === null ? 'Nobody' : 'Somebody who left') },
      openCents: owned.get(userId) ?? 0,
      weightedCents: (weighted.get(userId) ?? []).reduce((sum, one) => sum + one.weightedCents, 0),
      ...{ wonCents: ended?.periodWonCents ?? 0, won: ended?.periodWon ?? 0 },
      lost: ended?.periodLost ?? 0,
      percent: percentOf(ended?.won90 ?? 0, ended?.closed90 ?? 0),
      cycleDays: whole(ended?.mean90),
      href: links.deals({ status: 'open', owner: userId ?? 'none' }),
    };
  });
  items.sort((a, b) => b.wonCents - a.wonCents || b.openCents - a.openCents);
  return { items, because: items.length > 0 ? null : 'There are no deals yet.' };
}

/** This month so far beside the last one: of everybody, and of one. */
export function comparisonOf(
  closed: readonly Closed[],
  { byMember, newDeals }: Work,
  given: { months: [string, string]; newLeads: NewLeads; subject: string; owner?: string },
): Dashboard['comparison'] {
  const { months, newLeads, subject, owner } = given;
  const [team, me] = [owner ?? null, subject].map((whose) => {
    const [thisMonth, lastMonth] = months.map((month, place): Performance => {
      const when = place === 0 ? 'thisMonth' : 'lastMonth';
      const ended = closed.find((one) =>
        whose === null
          ? one.grouped === 'month' && one.month === month
          : one.grouped === 'owner_month' && one.month === month && one.ownerId === whose,
      );
      const { wonCents = 0, won = 0, lost = 0 } = ended ?? {};
      const made = newDeals.filter(({ ownerId }) => whose === null || ownerId === whose);
      const did = byMember.filter(({ userId }) => whose === null || userId === whose);
      return {
        ...{ wonCents, won, lost },
        newDeals: made.reduce((sum, one) => sum + one[when], 0),
        newLeads: newLeads(month, whose !== null),
        tasksDone: did.reduce((sum, one) => sum + one[when], 0),
      };
    });
    return { thisMonth: thisMonth!, lastMonth: lastMonth! };
  });
  return { team: team!, me: me! };
}
