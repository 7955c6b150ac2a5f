import type { Letter } from '#db/claims.ts';
import { signToken } from '#db/secrets.ts';
import type { Sender } from '#db/senders.ts';
import type { Walk } from '#db/walks.ts';
import type { StepOfWalk } from '#domain/touch.ts';
import { answerHeaders, messageIdOf, unsubscribeHeaders } from '#integrations/mail/compose.ts';
import { renderMessage } from '#sequences/render.ts';
import type { Deps } from './deps.ts';
import { contextOf } from './person.ts';

type Written = { letter: Letter } | { reason: string; because: string };

/** What this step says to this person, or the variable or fault that keeps it from being said. */
export function writeLetter(
  { publicBaseUrl, encryptionKey }: Pick<Deps, 'publicBaseUrl' | 'encryptionKey'>,
  walk: Walk,
  at: StepOfWalk,
  { sender, key }: { sender: Sender; key: string },
): Written {
  const { contact } = walk.person;
  const url = unsubscribeUrl(publicBaseUrl, encryptionKey, at.workspaceId, contact.id);
  const rendered = renderMessage(wordsOf(walk), contextOf(walk, sender, url));
  if ('missing' in rendered)
    return { reason: 'missing-variable', because: `${rendered.missing} is missing for this lead.` };
  if ('broken' in rendered)
    return {
      reason: 'template-error',
      because: `The template cannot be filled in: ${rendered.broken}`,
    };
  const common = {
    ...{ provider: sender.provider, connectionId: sender.connectionId, sender: sender.address },
    senderName: sender.name,
  };
  if (sender.channel === 'sms')
    return {
      letter: {
        ...{ ...common, channel: 'sms', recipient: contact.phone!, subject: null, html: null },
        body: signed(rendered.text, sender),
        headers: {},
      },
    };
  const answers = walk.step['thread'] === 'first' ? walk.first : null;
  return {
    letter: {
      ...{ ...common, channel: 'email', recipient: contact.email! },
      subject: answers?.subject ? answerSubject(answers.subject) : (rendered.subject ?? ''),
      ...{ body: rendered.text, html: rendered.html ?? null },
      headers: {
        'Message-ID': messageIdOf(key, sender.address),
        ...(answers?.messageId && answerHeaders(answers.messageId)),
        ...(walk.step['unsubscribe'] !== false && unsubscribeHeaders(url)),
      },
    },
  };
}

/** A link that only we can make, without a name or an address in it. */
export function unsubscribeUrl(base: string, key: Buffer, workspaceId: string, contactId: string) {
  return `${base}/unsubscribe/${signToken(`${workspaceId} ${contactId}`, key)}`;
}

/** Where answers come back to, whatever name the mail program shows: `ada+<walk>@…`. */
export function replyAddress(sender: string, enrolmentId: string | null): string | undefined {
  const [local, domain] = sender.split('@');
  return enrolmentId && domain ? `${local}+${enrolmentId}@${domain}` : undefined;
}

function wordsOf({ step }: Walk) {
  const { subject, body, text, unsubscribe } = step as Record<string, string | undefined>;
  return { subject, body, text, unsubscribe: unsubscribe as unknown as boolean | undefined };
}

/** The operator's name ends a text, unless it does already. */
function signed(text: string, { signature, name }: Sender): string {
  const by = signature ?? name;
  return !by || text.trimEnd().toLowerCase().endsWith(by.toLowerCase()) ? text : `${text} - ${by}`;
}

function answerSubject(subject: string): string {
  return /^re:/i.test(subject) ? subject : `Re: ${subject}`;
}
