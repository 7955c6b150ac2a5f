import type { ClaimedDelivery, Letter } from '#db/review-deliveries.ts';
import { listFailures } from '#db/review-failures.ts';
import { getReportTemplate } from '#db/report-templates.ts';
import { reportOf } from '#db/review-report.ts';
import { getRun } from '#db/review-turns.ts';
import { getReview, type ReviewRow } from '#db/reviews.ts';
import type { Scope } from '#db/scope.ts';
import { defaultReport, type ReportContext } from '#domain/report.ts';
import { strikeAt } from '#domain/review-clock.ts';
import { wordsOf } from '#domain/review-cron.ts';
import { renderReport } from '#integrations/mail/report.ts';

type Unwritten = Omit<ClaimedDelivery, 'letter' | 'claimedFor'>;

/** What one recipient of a run is told: the report, or an owner's part of it, or that something was given up. */
export async function letterFor(
  scope: Scope,
  delivery: Unwritten,
  baseUrl: string,
): Promise<Letter> {
  const review = await getReview(scope, delivery.reviewId);
  if (delivery.purpose === 'alert') return alertFor(scope, delivery, { review, baseUrl });
  const context = await contextFor(scope, delivery, { review, baseUrl });
  if (delivery.channel === 'email') return reportLetter(scope, review, context);
  const subject = headline(context);
  return { subject, text: delivery.channel === 'slack' ? slackText(context) : subject };
}

interface About {
  review: ReviewRow;
  baseUrl: string;
}

async function contextFor(
  scope: Scope,
  { runId, userId, whole }: Unwritten,
  { review, baseUrl }: About,
): Promise<ReportContext> {
  const run = await getRun(scope, runId);
  const reader = await scope.db
    .selectFrom('members')
    .select('name')
    .where('userId', '=', userId ?? '')
    .executeTakeFirst();
  const at = run.startedAt ?? run.slot;
  return reportOf(scope, {
    ...{ analysisId: run.analysisId!, baseUrl },
    review: {
      ...{ name: review.name, words: wordsOf(review.cron) },
      url: `${baseUrl}/schedule?review=${review.id}`,
    },
    run: {
      at: strikeAt(at, review.timeZone).local,
      slot: strikeAt(run.slot, review.timeZone).local,
      late: run.missedBecause ?? '',
    },
    reader: { name: reader?.name ?? '', ...(!whole && userId && { ownerId: userId }) },
  });
}

/** By the review's own template; one that cannot be filled in must not keep the report from arriving. */
async function reportLetter(
  scope: Scope,
  { templateId }: ReviewRow,
  context: ReportContext,
): Promise<Letter> {
  const words = templateId ? await getReportTemplate(scope, templateId) : defaultReport;
  const rendered = renderReport(words, context);
  if (!('faults' in rendered)) return rendered;
  const standard = renderReport(defaultReport, context);
  if ('faults' in standard) throw new Error('The standard template cannot be filled in.');
  const [fault] = rendered.faults;
  const because = `The template could not be filled in, line ${fault!.line}: ${fault!.message} The standard one was used.`;
  return { ...standard, because };
}

async function alertFor(
  scope: Scope,
  { runId, slot }: Unwritten,
  { review, baseUrl }: About,
): Promise<Letter> {
  const failures = (await listFailures(scope, { reviewId: review.id })).filter(
    (one) => one.runId === runId,
  );
  const isRun = failures.some(({ to }) => to === null);
  const when = strikeAt(slot, review.timeZone).local;
  const subject = isRun
    ? `${review.name} failed`
    : `${review.name} did not reach ${failures.length} of its recipients for sure`;
  const lines = failures.map(({ to, problem }) => (to ? `- ${to}: ${problem}` : `- ${problem}`));
  const url = `${baseUrl}/schedule?review=${review.id}`;
  const text = [`${subject}, ${when}.`, lines.join('\n'), `Try again, or let it be: ${url}`].join(
    '\n\n',
  );
  return { subject, text };
}

function headline({ review, health, counts }: ReportContext): string {
  const change = health.change ? ` (${health.change})` : '';
  return `${review.name}: health ${health.score}${change}, ${counts.critical} critical`;
}

/** Slack's own markup, in which only these three letters need an escape. */
function slackText(context: ReportContext): string {
  const { run, deals, url, counts, change } = context;
  const worst = deals.slice(0, 5).map(({ name, owner, findings, url: href }) => {
    const said = findings[0]?.message ?? '';
    return `• <${href}|${plain(name)}>${owner ? `, ${plain(owner)}` : ''}: ${plain(said)}`;
  });
  const figures = `${many(counts.warning, 'warning')}, ${many(counts.info, 'note')}; ${change.new} new, ${change.fixed} fixed.`;
  const late = run.late ? [`_${plain(run.late)}_`] : [];
  return [
    `*${plain(headline(context))}*`,
    ...[figures, ...late, ...worst, `<${url}|Open the result>`],
  ].join('\n');
}

function many(count: number, one: string): string {
  return `${count} ${count === 1 ? one : `${one}s`}`;
}

function plain(text: string): string {
  const safe = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return safe.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}
