import { sql } from 'kysely';
import { expect } from 'vitest';
import { touchActivities } from '#activities/touches.ts';
import { test } from '#tests/db.ts';
import { aLead } from '#tests/leads.ts';
import { depsFor, entered, mail, published } from '#tests/sequences.ts';
import { logActivity } from './activities.ts';
import { addNote, changeLead } from './lead-changes.ts';
import { receiveMessage } from './replies.ts';
import { addTask, completeTask } from './tasks.ts';
import { seedWorkspace } from './taxonomies.ts';
import { timelineOf, timelineOfRecord } from './timeline.ts';

test('a lead has notes, tasks, calls, mails and changes of stage in one history', async ({
  inside,
}) => {
  await inside(seedWorkspace);
  const leadId = await inside((scope) => aLead(scope, { email: 'ann@acme.example' }));
  await inside((scope) => addNote(scope, leadId, 'Renewal in May.'));
  for (const kind of ['task', 'call'] as const) {
    const { id } = await inside((scope) => addTask(scope, { leadId, kind, title: kind }));
    await inside((scope) => completeTask(scope, id, { outcome: 'done' }));
  }
  await inside((scope) =>
    receiveMessage(scope, {
      ...{ channel: 'email', kind: 'reply', provider: 'sandbox', providerId: '1', to: null },
      ...{ from: 'ann@acme.example', text: 'Yes', at: new Date().toISOString() },
    }),
  );
  await inside((scope) => changeLead(scope, leadId, { stage: 'QUALIFIED' }));
  const { items } = await inside((scope) => timelineOf(scope, leadId, { limit: 50 }));
  const kinds = items.filter(({ promised }) => !promised).map(({ kind }) => kind);
  expect(kinds).toEqual([
    ...['stage_changed', 'message', 'call_done', 'task_done', 'note', 'lead_received'],
  ]);
});

test('a mail that went out is told once', async ({ db, who, inside }) => {
  const { touch } = touchActivities(depsFor(db));
  const [person] = await inside(async (scope) =>
    entered(scope, (await published(scope, [mail])).sequenceId),
  );
  const { enrolmentId, leadId } = person!;
  const since = new Date().toISOString();
  await touch({ ...who, enrolmentId, stepId: 'first', visit: 0, since });
  const { items } = await inside((scope) => timelineOf(scope, leadId, { limit: 50 }));
  const told = items.filter(({ promised }) => !promised).map(({ kind }) => kind);
  expect(told).toEqual(['touch', 'enrolled', 'lead_received']);
});

test('what happened can be neither changed nor taken away', async ({ inside }) => {
  const leadId = await inside((scope) => aLead(scope));
  await inside((scope) => addNote(scope, leadId, 'Renewal in May.'));
  for (const table of ['activities', 'decisions']) {
    const attempts = [
      sql`update ${sql.table(table)} set lead_id = lead_id`,
      sql`delete from ${sql.table(table)}`,
    ];
    for (const attempt of attempts)
      await expect(inside(({ db }) => attempt.execute(db))).rejects.toMatchObject({
        code: '42501',
      });
  }
  const { items } = await inside((scope) => timelineOf(scope, leadId, { limit: 50 }));
  expect(items.map(({ kind }) => kind)).toEqual(['note', 'lead_received']);
});

test('the history of a person and of a firm holds what sequences sent to each of their leads, and whom', async ({
  db,
  who,
  inside,
}) => {
  const { touch } = touchActivities(depsFor(db));
  const { leadId, enrolmentId, contactId, companyId } = await inside(async (scope) => {
    const [person] = await entered(scope, (await published(scope, [mail])).sequenceId);
    const ids = await scope.db
      .selectFrom('leads')
      .select(['contactId', 'companyId'])
      .where('id', '=', person!.leadId)
      .executeTakeFirstOrThrow();
    return { ...person!, ...ids };
  });
  await touch({ ...who, enrolmentId, stepId: 'first', visit: 0, since: new Date().toISOString() });
  await inside((scope) =>
    logActivity(scope, { kind: 'call', contactId, mentions: [], data: {}, title: 'Called' }),
  );
  const due = '2099-01-01T00:00:00Z';
  await inside((scope) => addTask(scope, { contactId, title: 'Call again', dueAt: due }));
  const of = [
    { record: 'contact', id: contactId },
    { record: 'company', id: companyId! },
  ] as const;
  for (const one of of) {
    const { items } = await inside((scope) => timelineOfRecord(scope, one, { limit: 50 }));
    const told = items.map(({ kind, promised }) => `${kind}${promised ? ', promised' : ''}`);
    expect(told).toEqual(['task_task, promised', 'call', 'touch', 'enrolled', 'lead_received']);
    expect(items.at(-1)!.about).toEqual(expect.any(String));
    const paged: string[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await inside((scope) => timelineOfRecord(scope, one, { limit: 1, cursor }));
      paged.push(...page.items.filter(({ promised }) => !promised).map(({ kind }) => kind));
      if (!page.next) break;
      cursor = page.next;
    }
    expect(paged).toEqual(['call', 'touch', 'enrolled', 'lead_received']);
  }
  const lead = await inside((scope) => timelineOf(scope, leadId, { limit: 50 }));
  expect(lead.items.map(({ kind }) => kind)).toEqual(['touch', 'enrolled', 'lead_received']);
});

test('the history of a person goes on with that of whoever was merged into them', async ({
  inside,
}) => {
  const [kept, merged] = await inside(async (scope) => {
    const ids = [await aLead(scope), await aLead(scope)];
    const leads = await scope.db.selectFrom('leads').select(['id', 'contactId']).execute();
    return ids.map((id) => leads.find((lead) => lead.id === id)!.contactId);
  });
  const note = { kind: 'note' as const, title: 'Before', mentions: [], data: {} };
  await inside((scope) => logActivity(scope, { ...note, contactId: merged! }));
  await inside(({ db }) =>
    db.updateTable('contacts').set({ mergedInto: kept! }).where('id', '=', merged!).execute(),
  );
  const of = { record: 'contact', id: kept! } as const;
  const { items } = await inside((scope) => timelineOfRecord(scope, of, { limit: 50 }));
  expect(items.map(({ title }) => title)).toContain('Before');
  const gone = { record: 'contact', id: merged! } as const;
  await expect(
    inside((scope) => timelineOfRecord(scope, gone, { limit: 50 })),
  ).rejects.toMatchObject({ reason: 'not-found' });
});
