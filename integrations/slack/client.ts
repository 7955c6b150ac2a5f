import { z } from 'zod';
import type { Receipt } from '#integrations/channel.ts';
import { type Outbound, publicOnly } from '#integrations/http.ts';
import { retryAtOf } from '#integrations/receipt.ts';

export const Settings = z.object({
  /** As people know it: #deals. The webhook itself decides where it goes. */
  channel: z.string().trim().max(80).default(''),
});

export const Secrets = z.object({
  /** Of an incoming webhook: https://hooks.slack.com/services/… */
  url: z.url().max(500),
});

export interface SlackMessage {
  /** For notifications, and where blocks are not shown. */
  text: string;
  blocks?: object[];
}

/**
 * Writes into the channel of an incoming webhook. Slack keeps no keys: what may have arrived is `unknown`, and must
 * not be offered again by a machine.
 */
export async function postToSlack(
  url: string,
  message: SlackMessage,
  outbound: Outbound = publicOnly(),
): Promise<Receipt> {
  const body = JSON.stringify(message);
  const headers = { 'content-type': 'application/json', 'user-agent': 'throughline' };
  const answer = await outbound.ask(url, { method: 'POST', headers, body });
  if (answer.is === 'never-sent') return { is: 'busy', because: answer.because };
  if (answer.is === 'maybe-executed') return { is: 'unknown', because: answer.because };
  const { status } = answer;
  if (status >= 200 && status < 300) return { is: 'accepted', providerId: 'slack' };
  if (status === 429 || status === 503) {
    const retryAt = retryAtOf(answer.headers['retry-after'], Date.now());
    return { is: 'busy', because: `Slack answered ${status}.`, ...(retryAt && { retryAt }) };
  }
  if (status >= 500)
    return { is: 'unknown', because: `Slack answered ${status}: it may have arrived.` };
  const because = sayings[answer.body.trim()] ?? `Slack answered ${status}.`;
  return { is: 'refused', because, code: String(status) };
}

/** The answers that Slack documents for incoming webhooks. */
const sayings: Record<string, string> = {
  no_service: 'The webhook was removed or switched off in Slack.',
  no_active_hooks: 'The webhook was removed or switched off in Slack.',
  invalid_token: 'The address of the webhook is wrong.',
  channel_not_found: 'The channel is no longer there.',
  channel_is_archived: 'The channel was archived.',
  action_prohibited: 'An admin of that Slack does not allow it.',
  invalid_payload: 'Slack could not read the message.',
};
