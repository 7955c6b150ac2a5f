import { expect } from 'vitest';
import type { Kysely } from 'kysely';
import { dismissFailure, listFailures, retryFailure } from '#db/review-failures.ts';
import { listRuns } from '#db/review-runs.ts';
import { addReportTemplate } from '#db/report-templates.ts';
import type { DB } from '#db/schema.ts';
import { createOutbound } from '#integrations/http.ts';
import { simulateSlack } from '#integrations/slack/simulator.ts';
import { test as base } from '#tests/db.ts';
import { aRun, members, reviewKey as key } from '#tests/review-story.ts';
import type { Deps } from './deps.ts';
import { reviewActivities } from './reviews.ts';

const baseUrl = 'https://crm.example';

const test = base
  .extend('slack', { scope: 'file' }, async ({}, { onCleanup }) => {
    const slack = await simulateSlack();
    onCleanup(slack.stop);
    return slack;
  })
  .extend('acts', async ({ db }, { onCleanup }) => {
    const outbound = createOutbound({ allow: ['127.0.0.1'] });
    onCleanup(() => outbound.close());
    return reviewActivities(depsAt(db, outbound));
  });

test('each owner gets their own list, who wants all gets all, and who looks inside finds a word', async ({
  db,
  who,
  inside,
  acts,
}) => {
  const run = await inside(async (scope) => {
    await members(scope);
    const delivery = { owners: true, emails: ['priya@northgate.example'], inApp: ['dana'] };
    return aRun(scope, { delivery });
  });
  await deliverAll(acts, run);
  const mails = await mailsOf(db, who.workspaceId);
  expect(mails.map(({ recipient }) => recipient)).toEqual([
    ...['ines@northgate.example', 'priya@northgate.example'],
  ]);
  const [ines, priya] = mails;
  expect(ines!.subject).toBe('Monday review: 1 of your deals, 1 critical');
  expect(ines!.body).toContain('Hello Ines Ferro');
  expect(ines!.body).toContain('Roadrunner');
  expect(ines!.body).not.toContain('Bauer');
  expect(priya!.body).toContain('Roadrunner');
  expect(priya!.body).toContain('Bauer <b>Cold');
  // What a deal is called cannot become a part of the page.
  expect(priya!.html).toContain('Bauer &lt;b&gt;Cold');
  expect(priya!.html).not.toContain('Bauer <b>');
  const told = await db.selectFrom('notifications').selectAll().execute();
  expect(told).toMatchObject([
    { userId: 'dana', kind: 'review-report', href: `/reviews/${run.analysisId}` },
  ]);
  const { runs } = await inside((scope) => listRuns(scope, run.reviewId, { limit: 5 }));
  expect(runs[0]!.deliveries.map(({ to, channel, state }) => `${channel} ${to} ${state}`)).toEqual([
    ...['email priya@northgate.example sent', 'email Ines Ferro sent', 'app Dana Whitlock sent'],
  ]);
});

test('a report is delivered once, however many try at once and however often it is planned', async ({
  db,
  who,
  inside,
  acts,
}) => {
  const delivery = { emails: ['ann@example.com', 'bob@example.com'] };
  const run = await inside((scope) => aRun(scope, { delivery }));
  const plans = await Promise.all([acts.planReview(run), acts.planReview(run)]);
  expect(plans[0]).toEqual(plans[1]);
  const once = { workspaceId: who.workspaceId, deliveryId: plans[0]![0]! };
  await Promise.allSettled([1, 2, 3, 4].map(() => acts.deliverReview(once)));
  await deliverAll(acts, run);
  await deliverAll(acts, run);
  const mails = await mailsOf(db, who.workspaceId);
  expect(mails.map(({ recipient, times }) => `${recipient} ${times > 0}`)).toHaveLength(2);
});

test('a worker that is killed between the claim and the send: mail goes out under the same key, Slack is doubtful and not told again', async ({
  db,
  who,
  inside,
  slack,
}) => {
  const delivery = { emails: ['ann@example.com'], slackUrl: slack.hook };
  const run = await inside((scope) => aRun(scope, { delivery }));
  const killed = createOutbound({ allow: ['127.0.0.1'] });
  const dying = reviewActivities({
    ...depsAt(db, killed),
    // The sandbox's mail is claimed, and the process is gone before it is handed over.
    sandbox: true,
    outbound: { ...killed, ask: () => Promise.reject(new Error('killed')) },
  });
  const ids = await dying.planReview(run);
  const before = slack.messages.length;
  for (const deliveryId of ids)
    await dying.deliverReview({ ...run, deliveryId }).catch(() => undefined);
  const acts = reviewActivities(depsAt(db, killed));
  for (const deliveryId of ids) await acts.deliverReview({ ...run, deliveryId });
  expect(slack.messages.length).toBe(before);
  const states = await db
    .selectFrom('reviewDeliveries')
    .select(['channel', 'state', 'because'])
    .orderBy('id')
    .where('runId', '=', run.runId)
    .execute();
  expect(states).toMatchObject([
    { channel: 'email', state: 'sent' },
    { channel: 'slack', state: 'unknown' },
  ]);
  expect(states[1]!.because).toContain('nobody can tell');
  expect(await mailsOf(db, who.workspaceId)).toHaveLength(1);
  await killed.close();
});

test('a mail that was claimed and perhaps handed over is handed over under the same key, so it is there once', async ({
  db,
  who,
  inside,
  acts,
}) => {
  const run = await inside((scope) => aRun(scope, { delivery: { emails: ['ann@example.com'] } }));
  const [deliveryId] = await acts.planReview(run);
  await acts.deliverReview({ ...run, deliveryId: deliveryId! });
  // As a kill after the send leaves it: handed over, and its end never written.
  await db
    .updateTable('reviewDeliveries')
    .set({ state: 'claimed', endedAt: null })
    .where('id', '=', deliveryId!)
    .execute();
  await acts.deliverReview({ ...run, deliveryId: deliveryId! });
  const mails = await mailsOf(db, who.workspaceId);
  expect(mails.map(({ times }) => times)).toEqual([2]);
});

test('Slack is told below its mark and not above, and nobody when it is not worse', async ({
  inside,
  acts,
  slack,
}) => {
  const before = slack.messages.length;
  const above = { slackUrl: slack.hook, slackBelow: 60 };
  const well = await inside((scope) => aRun(scope, { delivery: above }));
  await deliverAll(acts, well);
  expect(slack.messages.length).toBe(before);
  const { runs } = await inside((scope) => listRuns(scope, well.reviewId, { limit: 1 }));
  expect(runs[0]!.deliveries).toMatchObject([
    { state: 'skipped', because: 'The health is 71, not below 60.' },
  ]);
  const below = { slackUrl: slack.hook, slackBelow: 72 };
  await deliverAll(acts, await inside((scope) => aRun(scope, { delivery: below })));
  expect(slack.messages.at(-1)!.text).toContain('*Monday review: health 71, 2 critical*');
  expect(slack.messages.at(-1)!.text).toContain('Bauer &lt;b&gt;Cold');
  const better = { emails: ['ann@example.com'], onlyIfWorse: true };
  const run = await inside((scope) => aRun(scope, { delivery: better, before: 68 }));
  expect(await acts.planReview(run)).toEqual([]);
  const worse = await inside((scope) => aRun(scope, { delivery: better, before: 80 }));
  expect(await acts.planReview(worse)).toHaveLength(1);
});

test('what was refused stands among what was given up, its admins hear of it once, and a person tries again or lets it be', async ({
  db,
  who,
  inside,
  acts,
  slack,
}) => {
  const gone = { slackUrl: `${slack.url}/services/gone` };
  const run = await inside(async (scope) => {
    await members(scope);
    return aRun(scope, { delivery: gone });
  });
  await deliverAll(acts, run);
  const [failure] = await inside((scope) => listFailures(scope));
  expect(failure).toMatchObject({
    ...{ reviewName: 'Monday review', channel: 'slack', state: 'open', isDoubtful: false },
    problem: 'The webhook was removed or switched off in Slack.',
  });
  for (const times of [1, 2]) {
    const alerts = await acts.planAlerts(run);
    for (const deliveryId of alerts) await acts.deliverReview({ ...run, deliveryId });
    const told = await db
      .selectFrom('notifications')
      .select(['userId', 'title'])
      .where('workspaceId', '=', who.workspaceId)
      .execute();
    // Dana owns the workspace; Ines sells.
    expect(told, String(times)).toEqual([
      { userId: 'dana', title: 'Monday review did not reach 1 of its recipients for sure' },
    ]);
    const mails = await mailsOf(db, who.workspaceId);
    expect(mails.map(({ recipient }) => recipient)).toEqual(['dana@northgate.example']);
  }
  await inside((scope) => retryFailure(scope, failure!.id));
  await expect(inside((scope) => retryFailure(scope, failure!.id))).rejects.toThrow('already');
  const outbox = await db
    .selectFrom('outbox')
    .select('workflow')
    .where('workspaceId', '=', who.workspaceId)
    .orderBy('id')
    .execute();
  expect(outbox.at(-1)!.workflow).toBe('redeliverReview');
  await deliverAll(acts, run);
  const [again] = await inside((scope) => listFailures(scope));
  expect(again).toMatchObject({ id: failure!.id, state: 'open', tries: 1 });
  await inside((scope) => dismissFailure(scope, failure!.id));
  expect(await inside((scope) => listFailures(scope))).toEqual([]);
});

test('a template of the workspace’s own is used, and one that cannot be filled in keeps no report from arriving', async ({
  db,
  who,
  inside,
  acts,
}) => {
  const words = {
    name: 'Own',
    subject: 'Health {{ health.score }}',
    body: '<p>{{ run.slot }}</p>',
  };
  const run = await inside(async (scope) => {
    const { id: templateId } = await addReportTemplate(scope, words);
    return aRun(scope, { delivery: { emails: ['ann@example.com'] }, templateId });
  });
  await deliverAll(acts, run);
  const broken = { name: 'Broken', subject: 'Of {{ foo }}', body: 'x' };
  const other = await inside(async (scope) => {
    const { id: templateId } = await addReportTemplate(scope, broken);
    return aRun(scope, { delivery: { emails: ['bob@example.com'] }, templateId });
  });
  await deliverAll(acts, other);
  const [ann, bob] = await mailsOf(db, who.workspaceId);
  expect(ann).toMatchObject({ subject: 'Health 71', body: expect.stringMatching(/^Mon 16 Mar/) });
  expect(bob!.subject).toContain('Monday review: health 71');
  const { runs } = await inside((scope) => listRuns(scope, other.reviewId, { limit: 1 }));
  expect(runs[0]!.deliveries[0]!.because).toContain('There is no foo in a report.');
});

function depsAt(db: Kysely<DB>, outbound: Deps['outbound']): Deps {
  return {
    ...{ db, outbound, encryptionKey: key, publicBaseUrl: baseUrl, sandbox: true },
    ...{ blobs: undefined as never, now: () => new Date().toISOString() },
  };
}

async function deliverAll(
  acts: ReturnType<typeof reviewActivities>,
  run: Awaited<ReturnType<typeof aRun>>,
): Promise<void> {
  const { workspaceId } = run;
  for (const deliveryId of await acts.planReview(run))
    await acts.deliverReview({ workspaceId, deliveryId });
}

function mailsOf(db: Kysely<DB>, workspaceId: string) {
  return db
    .selectFrom('sandboxMessages')
    .select(['recipient', 'subject', 'body', 'html', 'times'])
    .where('workspaceId', '=', workspaceId)
    .orderBy('recipient')
    .execute();
}
