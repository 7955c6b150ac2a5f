import { sql } from 'kysely';
import { Refusal } from '#domain/refusal.ts';
import { verdictOf, type Why } from '#domain/why.ts';
import type { Scope } from './scope.ts';

interface Row {
  touch: {
    id: string;
    state: string;
    because: string | null;
    channel: string;
    stepId: string | null;
    dueAt: string;
    untilAt: string | null;
    claimedAt: string | null;
    acceptedAt: string | null;
    settledAt: string | null;
    provider: string | null;
    providerId: string | null;
    sender: string | null;
    subject: string | null;
    attempt: number;
  };
  enrolment: {
    id: string;
    trigger: string | null;
    enteredBy: string;
    enrolledAt: string;
    version: number;
    sequence: string;
    status: string;
    because: string | null;
  } | null;
  decisions: {
    at: string;
    outcome: string;
    rule: string;
    because: string;
    inputs: { checks?: Why['checks'] } & Record<string, unknown>;
  }[];
}

/** The whole story of a touch of this lead, sent or not; without one named, of the latest. */
export async function whyOf(
  { db }: Scope,
  leadId: string,
  touchId: string | undefined,
): Promise<Why> {
  const { rows } = await sql<Row>`
    select json_build_object('id', t.id, 'state', t.state, 'because', t.because, 'channel', t.channel,
        'stepId', t.step_id, 'dueAt', t.due_at, 'untilAt', t.until_at, 'claimedAt', t.claimed_at,
        'acceptedAt', t.accepted_at, 'settledAt', t.settled_at, 'provider', t.provider, 'providerId', t.provider_id,
        'sender', t.sender, 'subject', t.subject, 'attempt', t.attempt) as touch,
      case when e.id is not null then json_build_object('id', e.id, 'trigger', e.trigger, 'enteredBy', e.entered_by,
        'enrolledAt', e.enrolled_at, 'version', e.version, 'sequence', s.name, 'status', e.status,
        'because', e.because) end as enrolment,
      coalesce((select json_agg(json_build_object('at', d.at, 'outcome', d.outcome, 'rule', d.rule,
          'because', d.because, 'inputs', d.inputs) order by d.at, d.id)
        from decisions d where d.lead_id = t.lead_id
          and (d.touch_id = t.id or d.enrolment_id = e.id and (d.step_id is null or d.step_id = t.step_id))), '[]') as decisions
    from touches t left join enrolments e on e.id = t.enrolment_id left join sequences s on s.id = e.sequence_id
    where t.lead_id = ${leadId} and ${touchId ? sql`t.id = ${touchId}` : sql`true`}
    order by t.id desc limit 1`.execute(db);
  const [row] = rows;
  if (!row) return refuse(db, leadId, touchId);
  const { touch, decisions } = row;
  const asked = decisions.filter(({ inputs }) => inputs.checks);
  const checks = asked.at(-1)?.inputs.checks ?? [];
  const changed = changeBetween(asked[0]?.inputs.checks ?? [], checks);
  return {
    ...{ touchId: touch.id, verdict: verdictOf(touch.state, touch.because) },
    ...{ chain: chainOf(row), checks, raw: row },
    ...(changed && { changed }),
  };
}

function chainOf({ touch, enrolment, decisions }: Row): Why['chain'] {
  const chain: Why['chain'] = [];
  if (enrolment) {
    const { trigger, enteredBy, enrolledAt, sequence, version } = enrolment;
    const by = trigger ?? enteredBy;
    chain.push({ at: iso(enrolledAt), title: 'What let them in', detail: by, state: 'done' });
    const detail = `${sequence}, version ${version}`;
    chain.push({ at: iso(enrolledAt), title: 'Sequence', detail, state: 'done' });
    const step = `${touch.stepId ?? ''} (${touch.channel})`;
    chain.push({ at: iso(touch.dueAt), title: 'Step reached', detail: step, state: 'done' });
  } else
    chain.push({
      at: iso(touch.dueAt),
      ...{ title: 'Written by hand', detail: touch.because ?? '', state: 'done' },
    });
  for (const { at, outcome, because } of decisions)
    chain.push({ at: iso(at), title: words(outcome), detail: because, state: 'done' });
  if (touch.claimedAt)
    chain.push({
      ...{ at: iso(touch.claimedAt), title: 'Claimed', state: 'done' },
      detail: `from ${touch.sender ?? ''}, attempt ${touch.attempt}`,
    });
  if (touch.acceptedAt)
    chain.push({
      ...{ at: iso(touch.acceptedAt), title: `Accepted by ${touch.provider ?? ''}`, state: 'done' },
      detail: touch.providerId ?? '',
    });
  chain.sort((a, b) => (a.at ?? '').localeCompare(b.at ?? ''));
  if (touch.state === 'held' || touch.state === 'planned')
    chain.push({
      ...{ at: touch.untilAt && iso(touch.untilAt), title: 'Goes on', state: 'next' },
      detail: touch.untilAt ? 'asked again then' : 'when somebody resumes it',
    });
  return chain;
}

/** What a later decision saw differently from the first. */
function changeBetween(before: Why['checks'], after: Why['checks']): string | undefined {
  const differences = after.flatMap(({ name, detail }) => {
    const first = before.find((check) => check.name === name);
    return first && first.detail !== detail ? `${name}: ${first.detail} → ${detail}` : [];
  });
  return differences.length > 0 ? differences.join('; ') : undefined;
}

async function refuse(db: Scope['db'], leadId: string, touchId?: string): Promise<never> {
  const lead = await db
    .selectFrom('leads')
    .select('id')
    .where('id', '=', leadId)
    .executeTakeFirst();
  if (!lead) throw new Refusal('not-found', 'There is no such lead.');
  throw new Refusal(
    'not-found',
    touchId ? 'There is no such touch.' : 'Nothing was tried with this lead yet.',
  );
}

function words(outcome: string): string {
  return outcome[0]!.toUpperCase() + outcome.slice(1).replaceAll('-', ' ');
}

function iso(at: string): string {
  return new Date(at).toISOString();
}
