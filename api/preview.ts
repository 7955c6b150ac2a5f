import { peopleOf } from '#db/facts.ts';
import type { Scope } from '#db/scope.ts';
import { type Sender, senderFor } from '#db/senders.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Definition, Step } from '#domain/sequence.ts';
import { exampleContext, type MessageContext } from '#domain/template.ts';
import { loadIcps } from '#rules/icp.ts';
import { renderMessage } from '#sequences/render.ts';
import { kindOf } from '#sequences/steps/index.ts';

const icps = loadIcps();

export interface Preview {
  channel: 'email' | 'sms';
  from: string | null;
  to: string | null;
  subject?: string;
  text?: string;
  html?: string;
  segments?: number;
  missing?: string;
  broken?: string;
}

/** What a step would say to a lead, or the variable that is missing. Without a lead it is said to a made-up person. */
export async function previewOf(
  scope: Scope,
  { name, from }: Pick<Definition, 'name' | 'from'>,
  step: Step,
  leadId: string | undefined,
): Promise<Preview> {
  const { channel } = kindOf(step.kind);
  if (!channel) throw new Refusal('invalid', 'This step says nothing to the person.');
  const person = leadId ? (await peopleOf(scope, [leadId])).get(leadId) : undefined;
  if (leadId && !person) throw new Refusal('not-found', 'There is no such lead.');
  const ownerId = person?.lead.ownerId ?? null;
  const sender = await senderFor(scope, { channel, from, ownerId, walkId: leadId ?? '0' });
  const context = person ? contextOf(person, sender, name) : exampleContext();
  const { subject, body, text, unsubscribe } = step as Record<string, string | undefined>;
  const leave = unsubscribe as unknown as boolean | undefined;
  const rendered = renderMessage({ subject, body, text, unsubscribe: leave }, context);
  const to = (channel === 'email' ? context.contact['email'] : context.contact['phone']) ?? null;
  return { channel, from: sender?.address ?? null, to: to as string | null, ...rendered };
}

type Known = NonNullable<ReturnType<Awaited<ReturnType<typeof peopleOf>>['get']>>;

function contextOf(person: Known, sender: Sender | undefined, sequence: string): MessageContext {
  const { lead, contact, company, workspace } = person;
  const key = (lead['icp'] ?? company['icp']) as string | null;
  const { unit_price_cents = 0, ...icp } = (key ? icps[key] : undefined) ?? {};
  const name = sender?.name ?? workspace.name;
  return {
    lead,
    contact: { ...contact, name: contact['fullName'] },
    company: { ...company, companySize: company['size'] },
    icp: key ? { ...icp, key, unitPrice: (unit_price_cents / 100).toFixed(2) } : {},
    sender: {
      ...{ name, firstName: name.split(' ')[0], signature: sender?.signature ?? name },
      ...(sender?.channel === 'email' ? { email: sender.address } : { phone: sender?.address }),
      company: workspace.name,
    },
    enrolment: {
      ...{ sequence, enrolledAt: new Date().toISOString() },
      unsubscribeUrl: 'https://example.com/unsubscribe',
    },
  };
}
