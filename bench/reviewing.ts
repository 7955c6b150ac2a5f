import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { sql } from 'kysely';
import { DateTime } from 'luxon';
import { createDeal } from '#db/deals.ts';
import { changeReview, createReview } from '#db/reviews.ts';
import { inWorkspace } from '#db/scope.ts';
import { createWorkspace } from '#db/workspaces.ts';
import { ReviewInput, reviewScheduleId } from '#domain/review.ts';
import { strikesAfter } from '#domain/review-clock.ts';
import { openAccount } from '#tests/account.ts';
import { type House, raiseHouse } from '#tests/house.ts';
import { percentile, type Row } from './table.ts';

const WORKSPACES = 10;
const KILLS = 20;
/** Where libfaketime reads by how many seconds the clocks run ahead, when all programs run under it. */
const clock = process.env['FAKETIME_TIMESTAMP_FILE'];
/** So many seconds Temporal and the worker are gone over the moment itself: three hours, if clocks can be turned. */
const OUTAGE = clock ? 3 * 3600 : 40;
const zones = ['America/Chicago', 'Europe/Berlin'];

interface Planned {
  workspaceId: string;
  reviewId: string;
  timeZone: string;
}

/** How late many reviews begin that are meant for one moment, and whether any is missed or comes twice. */
export async function measure(folder: string, { reviews = 500 } = {}): Promise<Row[]> {
  const house = await raiseHouse(folder);
  const planned = await plan(house, reviews);
  const many = planned.length.toLocaleString('en');

  const calm = await moveTo(house, planned, 0);
  await until(house, calm, planned.length);
  const first = await outcome(house, calm, planned.length);

  const rough = await moveTo(house, planned, 30);
  await outageAt(house, rough);
  const kills = await killing(house, rough, planned.length);
  await until(house, rough, planned.length);
  const second = await outcome(house, rough, planned.length);

  const clocks = await clocksChanging(house);
  await house.stop();
  return [
    {
      what: `${many} reviews at one moment: how late they begin`,
      ours: `worst ${seconds(first.worst)}, median ${seconds(first.middle)}, ${first.missed} missed, ${first.doubled} doubled`,
      must: 'each ≤ 60 s, none missed or doubled',
      holds: first.worst <= 60_000 && first.missed + first.doubled === 0,
    },
    {
      what: `the same through an outage of ${OUTAGE.toLocaleString('en')} s over the moment and ${kills} kills of worker and Temporal`,
      ours: `all within ${seconds(second.worst)}, ${second.missed} missed, ${second.doubled} doubled`,
      must: 'none missed or doubled',
      holds: second.missed + second.doubled === 0,
    },
    {
      what: `strikes of ${clocks.reviews} reviews on the next days on which clocks change, as Temporal has them`,
      ours: `${clocks.strikes} strikes, ${clocks.missed} missed, ${clocks.doubled} doubled`,
      must: 'none missed or doubled',
      holds: clocks.missed + clocks.doubled === 0 && clocks.strikes > 0,
    },
  ];
}

/** Reviews of several workspaces, planned for a day far away; each has a deal to look at and somebody to tell. */
async function plan(house: House, count: number): Promise<Planned[]> {
  const planned: Planned[] = [];
  const { userId, email } = await openAccount(house.url);
  const owner = { id: userId, name: 'Ada Lovelace', email };
  for (let at = 0; at < WORKSPACES; at += 1) {
    const given = { name: `Fleet ${at}`, timezone: 'UTC', currency: 'USD', defaultRegion: 'US' };
    const { id: workspaceId } = await createWorkspace(house.db, owner, given);
    await inWorkspace(house.db, { workspaceId, actor: userId }, async (scope) => {
      await createDeal(scope, { name: 'Bauer Cold Storage', amountCents: 4_800_000 });
      for (let n = 0; n < count / WORKSPACES; n += 1) {
        const timeZone = zones[n % zones.length]!;
        const input = inputOf(`Review ${n}`, '0 0 29 2 *', timeZone);
        const reviewId = await createReview(scope, input, Buffer.alloc(32));
        planned.push({ workspaceId, reviewId, timeZone });
      }
    });
  }
  await kept(house);
  return planned;
}

function inputOf(name: string, cron: string, timeZone: string) {
  return ReviewInput.parse({
    ...{ name, cron, timeZone, source: { kind: 'pipeline' } },
    delivery: { emails: ['ann@example.com'] },
  });
}

/** Moves them all to the next whole minute that leaves time for it, as many people do it at once, and waits for the schedules. */
async function moveTo(house: House, planned: Planned[], extra: number): Promise<string> {
  const ahead = 30 + extra + planned.length / 10;
  const moment = DateTime.utc().plus({ seconds: ahead }).endOf('minute').plus({ milliseconds: 1 });
  for (const { workspaceId, reviewId, timeZone } of planned) {
    const local = moment.setZone(timeZone);
    const input = inputOf('Review', `${local.minute} ${local.hour} * * *`, timeZone);
    await inWorkspace(house.db, { workspaceId, actor: 'bench' }, (scope) =>
      changeReview(scope, reviewId, input, Buffer.alloc(32)),
    );
  }
  await kept(house);
  const left = moment.diffNow().as('seconds');
  console.log(`  ${planned.length} schedules stand ${left.toFixed(0)} s before their moment`);
  return moment.toISO();
}

/** Waits until every change has reached its schedule: the promises are kept, and their workflows over. */
async function kept(house: House): Promise<void> {
  const temporal = await clientOf(house);
  for (;;) {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from outbox where workflow = 'keepReview'`.execute(house.db);
    const query = `WorkflowType = 'keepReview' AND ExecutionStatus = 'Running'`;
    if (rows[0]!.count === 0 && (await temporal.workflow.count(query)).count === 0) break;
    await pause(500);
  }
  await temporal.connection.close();
}

/** Temporal and the worker are away when the moment comes, and come back some time after it. */
async function outageAt(house: House, slot: string): Promise<void> {
  const at = Date.parse(slot);
  await pause(Math.max(0, at - 5000 - Date.now()));
  await house.kill('worker');
  await house.kill('temporal');
  if (clock) await turnForward(clock, OUTAGE);
  else await pause(Math.max(0, at + (OUTAGE - 5) * 1000 - Date.now()));
  await house.start('temporal');
  await house.start('worker');
}

/**
 * All clocks go ahead while nobody looks. libfaketime does not reach Temporal, which is written in Go: it must have been
 * built with a `time.Now` that adds the seconds of CLOCK_AHEAD, and reads them when it starts again.
 */
async function turnForward(file: string, by: number): Promise<void> {
  await writeFile(file, `+${by}\n`);
  process.env['CLOCK_AHEAD'] = String(by);
  // libfaketime reads its file once a second.
  await pause(3000);
}

/** Kills worker and Temporal by turns while the slot is being caught up. */
async function killing(house: House, slot: string, count: number): Promise<number> {
  let kills = 0;
  while (kills < KILLS && (await doneAt(house, slot)) < count) {
    await pause(1500);
    const part = kills % 4 === 3 ? 'temporal' : 'worker';
    await house.kill(part);
    await house.start(part);
    kills += 1;
  }
  return kills;
}

async function until(house: House, slot: string, count: number): Promise<void> {
  const end = Math.max(Date.parse(slot), Date.now()) + 240_000;
  for (let done = 0; done < count && Date.now() < end;) {
    await pause(2000);
    const now = await doneAt(house, slot);
    if (now !== done) console.log(`  ${now} of ${count} done`);
    done = now;
  }
}

async function doneAt({ db }: House, slot: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from review_runs where slot = ${slot} and status = 'done'`.execute(
    db,
  );
  return rows[0]!.count;
}

/** What of a slot: how late each began, who was not told, and who was told or looked at twice. */
async function outcome({ db }: House, slot: string, count: number) {
  const { rows } = await sql<{ late: number; looks: number; told: number }>`
    select (extract(epoch from r.started_at - r.slot) * 1000)::float8 as late,
      (select count(*)::int from analyses a where a.review_id = r.review_id and a.slot = r.slot) as looks,
      (select count(*)::int from review_deliveries d join sandbox_messages s
        on s.workspace_id = d.workspace_id and s.key like 'review:' || d.id || ':%' where d.run_id = r.id) as told
    from review_runs r where r.slot = ${slot} and r.status = 'done'`.execute(db);
  const late = rows.map((row) => row.late);
  return {
    worst: Math.max(0, ...late),
    middle: percentile(late, 0.5),
    missed: count - rows.filter(({ told }) => told > 0).length,
    doubled: rows.filter(({ looks, told }) => looks > 1 || told > 1).length,
  };
}

/** A real change of clocks cannot be waited for: Temporal is asked when it will strike on those days. */
async function clocksChanging(house: House) {
  const crons = ['30 1 * * *', '30 2 * * *', '0 3 * * *', '0 6 * * *', '15 1,2,3 * * *'];
  const given = { name: 'Clocks', timezone: 'UTC', currency: 'USD', defaultRegion: 'US' };
  const owner = { id: 'clocks', name: 'Ada Lovelace', email: 'ada@example.com' };
  const { id: workspaceId } = await createWorkspace(house.db, owner, given);
  const reviews = zones.flatMap((timeZone) => crons.map((cron) => ({ timeZone, cron })));
  const temporal = await clientOf(house);
  const sum = { reviews: reviews.length, strikes: 0, missed: 0, doubled: 0 };
  for (const review of reviews) {
    const input = inputOf(review.cron, review.cron, review.timeZone);
    const id = await inWorkspace(house.db, { workspaceId, actor: 'clocks' }, (scope) =>
      createReview(scope, input, Buffer.alloc(32)),
    );
    await kept(house);
    for (const [from, to] of [
      ['2027-03-12T00:00:00.000Z', '2027-03-31T00:00:00.000Z'],
      ['2027-10-29T00:00:00.000Z', '2027-11-09T00:00:00.000Z'],
    ] as const) {
      const answer = await temporal.workflowService.listScheduleMatchingTimes({
        ...{ namespace: 'default', scheduleId: reviewScheduleId(workspaceId, id) },
        startTime: { seconds: Date.parse(from) / 1000 } as never,
        endTime: { seconds: Date.parse(to) / 1000 } as never,
      });
      const struck = (answer.startTime ?? []).map(({ seconds: at }) =>
        new Date(Math.floor(Number(at) / 60) * 60_000).toISOString(),
      );
      const days = strikesAfter(review, from, { most: 900, until: to });
      sum.strikes += struck.length;
      sum.missed += days.filter((at) => !struck.includes(at)).length;
      sum.doubled += struck.length - new Set(struck).size;
      sum.doubled += struck.filter((at) => at > from && !days.includes(at)).length;
    }
  }
  await temporal.connection.close();
  return sum;
}

async function clientOf({ temporalAddress: address }: House): Promise<Client> {
  return new Client({ connection: await Connection.connect({ address }) });
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
