import {
  claimLetter,
  type ClaimedLetter,
  endLetter,
  type LetterEnd,
  openLetters,
  releaseLetter,
} from '#db/finding-letters.ts';
import { reportOf } from '#db/review-report.ts';
import { inWorkspace, type Scope } from '#db/scope.ts';
import { senderFor } from '#db/senders.ts';
import { defaultReport } from '#domain/report.ts';
import { messageIdOf } from '#integrations/mail/compose.ts';
import { renderReport } from '#integrations/mail/report.ts';
import { carry, keepsKeys } from './channels.ts';
import type { Deps } from './deps.ts';

interface OneSend {
  workspaceId: string;
  sendId: string;
}
interface OneLetter {
  workspaceId: string;
  letterId: string;
}

/** Each owner’s own list of what was found, by mail. */
export function findingLetterActivities(deps: Deps) {
  function as<T>(workspaceId: string, work: (scope: Scope) => Promise<T>): Promise<T> {
    return inWorkspace(deps.db, { workspaceId, actor: 'engine' }, work);
  }

  return {
    listsToSend: ({ workspaceId, sendId }: OneSend): Promise<string[]> =>
      as(workspaceId, (scope) => openLetters(scope, sendId)),

    /** Claimed, handed over under a key of its own, and its end written down. */
    async sendList({ workspaceId, letterId }: OneLetter): Promise<void> {
      const now = deps.now();
      const claimed = await as(workspaceId, (scope) => claimLetter(scope, letterId, now));
      if (!claimed) return;
      const message = await as(workspaceId, (scope) => messageFor(scope, claimed, deps));
      if (claimed.claimedFor !== null && !keepsKeys(message.provider, claimed.claimedFor)) {
        const because =
          'The worker ended while it was being sent: nobody can tell whether it arrived.';
        await end({ outcome: 'unknown', because });
        return;
      }
      const receipt = await carry(deps, { ...message, workspaceId });
      if (receipt.is === 'busy') {
        if (!receipt.maybe) await as(workspaceId, (scope) => releaseLetter(scope, letterId));
        throw new Error('The provider did not take it yet.');
      }
      if (receipt.is === 'accepted') await end({ outcome: 'sent', messageId: receipt.providerId });
      else await end({ outcome: receipt.is, because: receipt.because });

      function end(how: LetterEnd): Promise<void> {
        return as(workspaceId, (scope) => endLetter(scope, letterId, how));
      }
    },

    /** After the last attempt: whoever looks is told. */
    giveUpList({ workspaceId, letterId }: OneLetter): Promise<void> {
      const because = 'The provider did not take it.';
      return as(workspaceId, (scope) =>
        endLetter(scope, letterId, { outcome: 'refused', because }),
      );
    },
  };
}

/** The report of a review, without the line that says who else gets it. */
const words = {
  subject: defaultReport.subject,
  body: defaultReport.body.replace(/ <a href="{{ settingsUrl }}"[^>]*>[^<]*<\/a>/, ''),
};

async function messageFor(scope: Scope, claimed: ClaimedLetter, { publicBaseUrl }: Deps) {
  const { id, analysisId, analysis, userId, email, name, from } = claimed;
  const url = `${publicBaseUrl}/reviews/${analysisId}?owner=${encodeURIComponent(userId)}`;
  const context = await reportOf(scope, {
    ...{ analysisId, baseUrl: publicBaseUrl, reader: { name, ownerId: userId } },
    review: { name: analysis, words: `Sent by ${from}`, url },
    run: { at: '', slot: 'Your deals', late: '' },
  });
  const rendered = renderReport(words, { ...context, url });
  if ('faults' in rendered) throw new Error('The report cannot be filled in.');
  const wish = { channel: 'email', from: 'owner', ownerId: null, walkId: analysisId } as const;
  const sender = await senderFor(scope, wish);
  const { address = 'reviews@throughline.example', provider = 'sandbox' } = sender ?? {};
  const key = `list:${id}`;
  return {
    ...{ key, provider, connectionId: sender?.connectionId ?? null, channel: 'email' as const },
    ...{ sender: address, senderName: 'Throughline', enrolmentId: null, touchId: null },
    ...{ recipient: email, subject: rendered.subject, body: rendered.text, html: rendered.html },
    // A machine's answer to a machine's mail would go round for ever.
    headers: { 'Message-ID': messageIdOf(key, address), 'Auto-Submitted': 'auto-generated' },
  };
}
