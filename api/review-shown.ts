import { DateTime } from 'luxon';
import { listReviews, type ReviewListed } from '#db/reviews.ts';
import type { Scope } from '#db/scope.ts';
import { getWorkspace } from '#db/workspaces.ts';
import type { Review } from '#domain/review.ts';
import { changingClocks, strikeAt, strikesAfter } from '#domain/review-clock.ts';
import { wordsOf } from '#domain/review-cron.ts';

/** A review as people see it: in words, with its next runs and whom it tells. */
export function shownReview(row: ReviewListed, now: string): Review {
  const { owners, file, ...review } = row;
  const strikes = review.enabled ? strikesAfter(review, now) : [];
  return {
    ...review,
    words: wordsOf(review.cron),
    next: strikes.map((at) => strikeAt(at, review.timeZone)),
    dst: changingClocks(review, now),
    delivers: deliversOf(review.delivery, owners),
    file: file && { fileName: file.fileName, bytes: file.bytes, at: file.at },
  };
}

/** What the next 7 days bring, as a day begins and ends in a zone; what runs many times a day is left out. */
export async function weekOf(scope: Scope, now: string, zone?: string) {
  const timeZone = zone ?? (await getWorkspace(scope)).timezone;
  const first = DateTime.fromISO(now, { zone: timeZone }).startOf('day');
  const until = first.plus({ days: 7 }).minus(1).toUTC().toISO()!;
  const found = (await listReviews(scope)).filter(({ enabled }) => enabled);
  const all = found.map((review) => ({
    review,
    strikes: strikesAfter(review, now, { most: OFTEN + 1, until }),
  }));
  const slots = all
    .filter(({ strikes }) => strikes.length <= OFTEN)
    .flatMap(({ review: { id, name }, strikes }) =>
      strikes.map((at) => ({ reviewId: id, name, at })),
    )
    .toSorted((a, b) => a.at.localeCompare(b.at));
  const byDay = Map.groupBy(slots, ({ at }) =>
    DateTime.fromISO(at, { zone: timeZone }).toISODate(),
  );
  return {
    timeZone,
    days: Array.from({ length: 7 }, (_, index) => {
      const day = first.plus({ days: index }).toISODate()!;
      return { day, slots: byDay.get(day) ?? [] };
    }),
    leftOut: all
      .filter(({ strikes }) => strikes.length > OFTEN)
      .map(({ review: { id, name, cron } }) => ({ reviewId: id, name, words: wordsOf(cron) })),
  };
}

/** In a week: more than twice a day. */
const OFTEN = 14;

function deliversOf(delivery: Review['delivery'], owners: number): string {
  const people = delivery.emails.length + (delivery.owners ? owners : 0);
  const said = [
    ...(people > 0 ? [`Email, ${people}`] : []),
    ...(delivery.slackHint || delivery.slackConnectionId ? ['Slack'] : []),
    ...(delivery.inApp.length > 0 ? [`In the app, ${delivery.inApp.length}`] : []),
  ];
  if (said.length === 0) return 'Nobody';
  return `${said.join('; ')}${delivery.onlyIfWorse ? ', only if worse' : ''}`;
}
