import type { Review, ReviewInput, ReviewRun, ReviewSource } from '#domain/review.ts';
import { asCount, asNumber } from './format.ts';

export type {
  Review,
  ReviewFailure,
  ReviewInput,
  ReviewRun,
  ReviewSource,
} from '#domain/review.ts';

/** When a cron strikes, in words, as POST /reviews/next answers. */
export interface Plan {
  words: string;
  next: { at: string; local: string; utc: string }[];
  dst: string;
}

export interface RunList {
  runs: ReviewRun[];
  counts: { runs: number; onTime: number; caughtUp: number; failed: number; missed: number };
  next: string | null;
}

export interface Week {
  days: { day: string; slots: { reviewId: string; name: string; at: string }[] }[];
  /** Those that run too often to be listed. */
  leftOut: { reviewId: string; name: string; words: string }[];
}

export const runLooks = {
  waiting: { label: 'Waiting', tone: 'accent' },
  running: { label: 'Running', tone: 'accent' },
  done: { label: 'Done', tone: 'success' },
  failed: { label: 'Failed', tone: 'danger' },
  missed: { label: 'Missed', tone: 'warn' },
} as const;

export const catchUps = [
  { value: '60', label: 'up to 1 hour late' },
  { value: '360', label: 'up to 6 hours late' },
  { value: '1440', label: 'up to 1 day late' },
  { value: '10080', label: 'up to 7 days late' },
];

export const overlapChoices = [
  { value: 'SKIP', label: 'Leave the later one out' },
  { value: 'BUFFER_ONE', label: 'Run the later one afterwards' },
  { value: 'ALLOW_ALL', label: 'Run both at once' },
];

/** Crons people ask for, to begin with. */
export const usualPlans = [
  { cron: '0 9 * * 1', label: 'Mondays at 09:00' },
  { cron: '0 7 * * 1-5', label: 'Weekdays at 07:00' },
  { cron: '0 17 * * 5', label: 'Fridays at 17:00' },
  { cron: '0 8 1 * *', label: 'The 1st at 08:00' },
  { cron: '0 17 L * *', label: 'Last of the month' },
];

/** What a new review begins with: all open deals, Monday at nine, each owner their own list. */
export function newReview(timeZone: string): ReviewInput {
  return {
    ...{ name: '', cron: '0 9 * * 1', timeZone, source: { kind: 'pipeline' } },
    ...{ ruleIds: null, templateId: null, overlap: 'SKIP', catchUp: 24 * 60 },
    delivery: {
      ...{ owners: true, emails: [], inApp: [], onlyIfWorse: false },
      ...{ slackBelow: null, slackConnectionId: null },
    },
  };
}

/** A review as it is written back; the address of its Slack channel is left as it is. */
export function inputOf(review: Review): ReviewInput {
  const { name, cron, timeZone, source, ruleIds, templateId, overlap, catchUp } = review;
  const { owners, emails, inApp, onlyIfWorse, slackBelow, slackConnectionId } = review.delivery;
  return {
    ...{ name, cron, timeZone, source, ruleIds, templateId, overlap, catchUp },
    delivery: { owners, emails, inApp, onlyIfWorse, slackBelow, slackConnectionId },
  };
}

/** `+3`, `−2`, `0`; nothing before there is anything to compare with. */
export function changeSaid(change: number | null | undefined): string {
  if (change === null || change === undefined) return '';
  return change > 0 ? `+${asNumber(change)}` : asNumber(change);
}

export function changeTone(change: number | null | undefined): string {
  if (!change) return 'text-ink-3';
  return change > 0 ? 'text-success-ink' : 'text-danger-ink';
}

/** What a run came to: `24 deals, 3.2 s, sent to 5, 1 failed`. */
export function runSaid(run: ReviewRun): string {
  if (run.status === 'missed') return run.missedBecause ?? 'It was missed.';
  if (run.status === 'failed') return run.problem ?? 'It failed.';
  if (run.status === 'waiting') return 'It begins in a moment.';
  if (run.status === 'running') return 'It runs now.';
  const reports = run.deliveries.filter(({ purpose }) => purpose === 'report');
  const sent = reports.filter(({ state }) => state === 'sent').length;
  const lost = reports.filter(({ state }) =>
    ['failed', 'refused', 'unknown'].includes(state),
  ).length;
  const seconds =
    run.startedAt && run.finishedAt
      ? (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000
      : undefined;
  const said = [
    run.counts && asCount(run.counts.deals, 'deal'),
    seconds !== undefined && `${Number(seconds.toFixed(1))} s`,
    reports.length === 0 ? 'sent to nobody' : `sent to ${asNumber(sent)}`,
    lost > 0 && `${asNumber(lost)} not delivered`,
  ]
    .filter(Boolean)
    .join(', ');
  return run.caughtUp && run.missedBecause ? `${said}. ${run.missedBecause}` : said;
}

/** `06:31`, for what stands beside its day. */
export function clockOf(at: string | null): string {
  const date = new Date(at ?? '');
  if (Number.isNaN(date.getTime())) return '–';
  return [date.getHours(), date.getMinutes()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

/** Where deals come from, in words. */
export function sourceSaid(
  source: ReviewSource,
  names: { pipelines: Named[]; views: Named[] },
): string {
  if (source.kind === 'file') return 'The newest file dropped';
  if (source.kind === 'view') return nameIn(names.views, source.viewId) ?? 'A saved view';
  return source.pipelineId
    ? (nameIn(names.pipelines, source.pipelineId) ?? 'A pipeline')
    : 'All pipelines';
}

export interface Named {
  id: string;
  name: string;
}

function nameIn(list: Named[], id: string): string | undefined {
  return list.find((one) => one.id === id)?.name;
}

/** Addresses as people type them: by commas, spaces or lines; each once. */
export function emailsIn(text: string): string[] {
  return [
    ...new Set(
      text
        .split(/[\s,;]+/)
        .filter(Boolean)
        .map((one) => one.toLowerCase()),
    ),
  ];
}

const MINUTE = 60_000;

/** `in 5 d 20 h`, `in 3 h 5 min`, `now`. */
export function untilSaid(at: string, now: Date): string {
  const minutes = Math.round((Date.parse(at) - now.getTime()) / MINUTE);
  if (minutes < 1) return 'now';
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
  if (days > 0) return `in ${days} d${hours > 0 ? ` ${hours} h` : ''}`;
  const rest = minutes % 60;
  return `in ${[hours > 0 && `${hours} h`, (rest > 0 || hours === 0) && `${rest} min`].filter(Boolean).join(' ')}`;
}
