import { sql } from 'kysely';
import { receiveMessage } from '#db/replies.ts';
import { startLater } from '#db/outbox.ts';
import type { Scope } from '#db/scope.ts';
import type { demoSequences } from './demo-sequences.ts';

export interface DemoSequence {
  id: string;
  versionId: string;
  definition: (typeof demoSequences)[number];
}

export interface Chapter {
  sequence: DemoSequence;
  leadIds: string[];
  status: 'completed' | 'active' | 'stopped';
  reason?: string;
  because?: string;
  /** How many days ago it began, and after how many it ended. */
  days: number;
  lasted?: number;
  /** Which steps were done, and how many days in. */
  steps: { id: string; after: number; subject?: string; body?: string }[];
}

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

/** What happened before there was a product: the messages that went out, and how it ended. */
export async function tellPast(scope: Scope, chapter: Chapter): Promise<void> {
  const { db, workspaceId } = scope;
  const { sequence, leadIds, status, reason = null, because = null, days, lasted } = chapter;
  const began = Date.now() - days * DAY;
  const ended = lasted === undefined ? null : instant(began + lasted * DAY);
  const last = chapter.steps.at(-1)!;
  const { rows } = await sql<{ id: string; leadId: string }>`
    insert into enrolments (workspace_id, sequence_id, version_id, version, lead_id, contact_id, status, reason, because,
      entered_by, step_id, visit, enrolled_at, walked_at, ended_at)
    select workspace_id, ${sequence.id}::uuid, ${sequence.versionId}::uuid, 1, id, contact_id, ${status}, ${reason},
      ${because}, 'demo', ${last.id}, 0, ${instant(began)}::timestamptz, ${instant(began)}::timestamptz,
      ${ended}::timestamptz
    from leads where id = any(${leadIds}::uuid[]) returning id, lead_id`.execute(db);
  for (const step of chapter.steps)
    await tellStep(scope, chapter, step, instant(began + step.after * DAY));
  if (status !== 'active') return;
  // Its workflow finds what went out, and goes on from there.
  for (const { id, leadId } of rows) {
    const walk = { workspaceId, enrolmentId: id, versionId: sequence.versionId, leadId };
    await startLater(scope, {
      ...{ workflow: 'enrolment', workflowId: `enrolment:${id}` },
      input: [{ ...walk, enrolledAt: instant(began) }],
    });
  }
}

/** An answer that came some hours ago: what the product does with one, and the same task for a person. */
export async function tellAnswer(
  scope: Scope,
  leadId: string,
  answer: { text: string; hours: number; due: number; channel?: 'email' | 'sms' },
): Promise<void> {
  const { db } = scope;
  const { text, hours, due, channel = 'email' } = answer;
  const { rows } = await sql<{ contactId: string; from: string; to: string }>`
    select l.contact_id, case ${channel}::text when 'sms' then c.phone_e164 else c.email end as "from",
      s.address as "to"
    from leads l join contacts c on c.id = l.contact_id
      join senders s on s.user_id = l.owner_id and s.channel = ${channel}
    where l.id = ${leadId}`.execute(db);
  const { contactId, from, to } = rows[0]!;
  const at = instant(Date.now() - hours * HOUR);
  const message = { channel, kind: 'reply' as const, provider: 'sandbox', from, to, text, at };
  const subject = channel === 'email' ? { subject: 'Re: Your fleet and Northgate' } : {};
  const providerId = `demo-answer:${leadId}`;
  await receiveMessage(scope, { ...message, ...subject, providerId }, { leadId, contactId });
  await sql`update tasks set created_at = ${at}::timestamptz,
    due_at = ${instant(Date.now() + due * HOUR)}::timestamptz where lead_id = ${leadId}`.execute(
    db,
  );
  await sql`update enrolments set paused_at = ${at}::timestamptz where lead_id = ${leadId}`.execute(
    db,
  );
  await sql`update notifications set at = ${at}::timestamptz where lead_id = ${leadId}`.execute(db);
}

async function tellStep(
  scope: Scope,
  { sequence, leadIds }: Chapter,
  { id, subject, body }: Chapter['steps'][number],
  at: string,
): Promise<void> {
  const sent = body !== undefined;
  const channel = subject === undefined ? 'sms' : 'email';
  const mail = sent ? [channel, subject ?? null, body] : [null, null, null];
  await sql`
    with walk as (
      select e.*, c.email, c.phone_e164, coalesce(c.first_name, 'there') as first_name, s.address as sender
      from enrolments e join leads l on l.id = e.lead_id join contacts c on c.id = l.contact_id
        left join senders s on s.user_id = l.owner_id and s.channel = ${mail[0]}
      where e.sequence_id = ${sequence.id} and e.lead_id = any(${leadIds}::uuid[])),
    touched as (
      insert into touches (workspace_id, enrolment_id, sequence_id, version, lead_id, contact_id, step_id, visit, channel,
        state, key, due_at, claimed_at, accepted_at, settled_at, provider, provider_id, sender, recipient, subject, body,
        created_at)
      select workspace_id, id, sequence_id, 1, lead_id, contact_id, ${id}, 0, ${mail[0]}, 'delivered',
        id || ${`:${id}:0:1`}, t, t, t, t, 'sandbox', 'demo-' || ${id}::text || id, sender,
        case ${channel}::text when 'sms' then phone_e164 else email end, ${mail[1]}::text,
        'Hi ' || first_name || ', ' || ${mail[2]}::text, t
      from walk, (select ${at}::timestamptz as t) clock where ${sent} returning enrolment_id, id),
    decided as (
      insert into decisions (workspace_id, enrolment_id, lead_id, touch_id, step_id, visit, outcome, rule, because, version,
        key, at)
      select w.workspace_id, w.id, w.lead_id, t.id, ${id}, 0, ${sent ? 'sent' : 'waited'},
        ${sent ? 'send' : 'wait'}, ${sent ? 'Sent at the step’s time' : 'The wait was over'}, 1,
        ${`demo:${id}`}, ${at}::timestamptz
      from walk w left join touched t on t.enrolment_id = w.id)
    insert into activities (workspace_id, lead_id, kind, title, actor, at, data)
    select workspace_id, lead_id, ${`${channel}_sent`},
      ${channel === 'sms' ? 'Text sent' : `Email sent: ${subject}`}, 'engine', ${at}::timestamptz,
      json_build_object('enrolmentId', id)
    from walk where ${sent}`.execute(scope.db);
}

function instant(at: number): string {
  return new Date(at).toISOString();
}
