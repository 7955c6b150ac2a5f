import type { Person } from '#db/facts.ts';
import type { Sender } from '#db/senders.ts';
import type { Walk } from '#db/walks.ts';
import type { MessageContext } from '#domain/template.ts';
import { loadIcps } from '#rules/icp.ts';

const icps = loadIcps();

/** Everything known of the person of a walk, for conditions. */
export function personOf(walk: Walk, sender?: Sender): Person {
  const { enrolment, owner } = walk;
  const { lead, contact, company, workspace } = walk.person;
  const name = contact['fullName'];
  return {
    lead: { ...lead, owner: owner?.name ?? null },
    contact: { ...contact, name },
    company: { ...company, companySize: company['size'] },
    sender: senderOf(walk, sender),
    enrolment: { enrolledAt: enrolment.enrolledAt, sequence: enrolment.sequenceName },
    workspace,
  };
}

/** What a template of this walk is filled with. */
export function contextOf(
  walk: Walk,
  sender: Sender | undefined,
  unsubscribeUrl: string,
): MessageContext {
  const { lead, contact, company, enrolment, sender: from } = personOf(walk, sender);
  const key = (lead['icp'] ?? company['icp']) as string | null;
  const { unit_price_cents, ...icp } = (key ? icps[key] : undefined) ?? { unit_price_cents: 0 };
  const icpWords = key ? { ...icp, key, unitPrice: (unit_price_cents / 100).toFixed(2) } : {};
  return {
    ...{ lead, contact, company, sender: from, icp: icpWords },
    enrolment: { ...enrolment, unsubscribeUrl },
  };
}

function senderOf({ owner, person }: Walk, sender?: Sender): Record<string, unknown> {
  const name = sender?.name ?? owner?.name ?? person.workspace.name;
  return {
    name,
    firstName: name.split(' ')[0],
    email: sender?.channel === 'email' ? sender.address : owner?.email,
    phone: sender?.channel === 'sms' ? sender.address : undefined,
    signature: sender?.signature ?? name,
    company: person.workspace.name,
  };
}
