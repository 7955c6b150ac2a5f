import { receiveLeads } from '#db/leads.ts';
import { type Handled, settleDeliveries, takeDeliveries, type Waiting } from '#db/deliveries.ts';
import type { Scope } from '#db/scope.ts';
import type { Outcome } from '#domain/delivery.ts';
import type { LeadInput, Received } from '#domain/lead.ts';
import { Refusal } from '#domain/refusal.ts';
import { integrations } from '#integrations/index.ts';
import type { Happening } from '#integrations/integration.ts';

/** What a happening that is no lead leads to. */
export type Hear = (
  scope: Scope,
  happening: Exclude<Happening, { is: 'ignored' }>,
  delivery: Waiting,
  lead?: { leadId: string; contactId: string },
) => Promise<Outcome[]>;

interface Read {
  delivery: Waiting;
  happenings: Happening[];
}

/** Handles those of these deliveries that still wait, all in this transaction; leads of a crowd go in together. */
export async function handleTogether(scope: Scope, ids: string[], hear: Hear): Promise<void> {
  const waiting = await takeDeliveries(scope, ids);
  const read: Read[] = [];
  const handled: Handled[] = [];
  for (const delivery of waiting) {
    const happenings = happeningsOf(delivery);
    if (happenings instanceof Refusal) {
      handled.push({ id: delivery.id, state: 'dead', reason: happenings.message });
    } else read.push({ delivery, happenings });
  }
  const leads = read.flatMap(({ delivery, happenings }) => leadsOf(delivery, happenings));
  const [only] = read;
  const received = await receiveLeads(scope, leads, {
    source: 'webhook',
    ...(read.length === 1 && only && { eventKey: `delivery:${only.delivery.id}` }),
  });
  let next = 0;
  for (const { delivery, happenings } of read) {
    const mine = received.slice(next, (next += leadsOf(delivery, happenings).length));
    handled.push(await carryOut(scope, { delivery, happenings }, mine, hear));
  }
  await settleDeliveries(scope, handled);
}

/** In words of our own, or why that cannot be. */
function happeningsOf({ source, body, settings }: Waiting): Happening[] | Refusal {
  const webhook = integrations.find(({ name }) => name === source)?.webhook;
  if (!webhook) return new Refusal('malformed', 'We no longer read what this system sends.');
  try {
    return webhook.read(JSON.parse(body.toString('utf8')), settings);
  } catch (error) {
    if (error instanceof Refusal) return error;
    if (error instanceof SyntaxError) return new Refusal('malformed', 'The body is not JSON.');
    throw error;
  }
}

function leadsOf({ source }: Waiting, happenings: Happening[]): LeadInput[] {
  return happenings.flatMap((one) =>
    one.is === 'lead-arrived' ? [{ ...(source !== 'generic' && { source }), ...one.lead }] : [],
  );
}

async function carryOut(
  scope: Scope,
  { delivery, happenings }: Read,
  received: Received[],
  hear: Hear,
): Promise<Handled> {
  const outcome: Outcome[] = [];
  const problems: string[] = [];
  let next = 0;
  for (const happening of happenings) {
    if (happening.is === 'ignored') {
      outcome.push({ is: 'ignored', what: happening.because });
      continue;
    }
    if (happening.is !== 'lead-arrived') {
      outcome.push(...(await hear(scope, happening, delivery)));
      continue;
    }
    const lead = received[next++]!;
    if (lead.outcome === 'rejected') {
      problems.push(lead.faults.map(({ field, message }) => `${field}: ${message}`).join(' '));
      continue;
    }
    outcome.push({ is: happening.is, what: words[lead.outcome], leadId: lead.leadId });
    if (happening.reply ?? happening.booking)
      outcome.push(...(await hear(scope, happening, delivery, lead)));
  }
  return { id: delivery.id, ...verdict(outcome, problems) };
}

const words = {
  created: 'A new lead came in.',
  matched: 'The lead was known; what was missing was filled in.',
};

function verdict(outcome: Outcome[], problems: string[]): Omit<Handled, 'id'> {
  if (problems.length > 0) return { state: 'dead', reason: problems.join(' '), outcome };
  const reasons = outcome.filter(({ is }) => is === 'ignored').map(({ what }) => what);
  if (reasons.length < outcome.length) return { state: 'done', outcome };
  return { state: 'ignored', reason: reasons.join(' ') || 'It says nothing.', outcome };
}
