import { z } from 'zod';
import type { Connection } from '#integrations/channel.ts';
import { publicOnly } from '#integrations/http.ts';
import type { CampaignLead, Done } from '#integrations/integration.ts';

export const Settings = z.object({
  url: z.url().default('https://api.plusvibe.ai'),
  workspaceId: z.string().optional(),
});

export const Secrets = z.object({
  /** What PlusVibe signs its webhooks with: theirs may go without, ours may not. */
  secret: z.string().min(1),
  apiKey: z.string().optional(),
});

/**
 * Asks PlusVibe to write to this person no more for now. Saying the same again changes nothing there.
 * An account whose API knows no paused leads is asked to complete the lead instead: silence comes first.
 */
export async function pauseLead(lead: CampaignLead, connection: Connection): Promise<Done> {
  const paused = await setStatus(lead, 'PAUSED', connection);
  const notKnown = paused.is === 'failed' && paused.refused;
  return plain(notKnown ? await setStatus(lead, 'COMPLETED', connection) : paused);
}

/** Ends PlusVibe's own sequence for this person. */
export async function stopLead(lead: CampaignLead, connection: Connection): Promise<Done> {
  return plain(await setStatus(lead, 'COMPLETED', connection));
}

type Tried = { is: 'done' } | { is: 'failed'; because: string; retry: boolean; refused: boolean };

async function setStatus(
  { email, campaignId }: CampaignLead,
  status: 'PAUSED' | 'COMPLETED',
  { settings, secrets, outbound = publicOnly() }: Connection,
): Promise<Tried> {
  const { url, workspaceId } = Settings.parse(settings);
  const { apiKey } = Secrets.partial().parse(secrets);
  if (!apiKey || !workspaceId) return failed('PlusVibe has no API key and workspace yet.', false);

  const answer = await outbound.ask(`${url.replace(/\/$/, '')}/api/v1/lead/update/status`, {
    method: 'POST',
    headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ workspace_id: workspaceId, campaign_id: campaignId, email },
      new_status: status,
    }),
  });
  if (answer.is !== 'answered') return failed(answer.because, true);
  if (answer.status >= 200 && answer.status < 300) return { is: 'done' };
  const retry = answer.status === 429 || answer.status >= 500;
  const refused = answer.status === 400 || answer.status === 422;
  return failed(`PlusVibe answered ${answer.status}.`, retry, refused);
}

function failed(because: string, retry: boolean, refused = false): Tried {
  return { is: 'failed', because, retry, refused };
}

function plain(tried: Tried): Done {
  if (tried.is === 'done') return tried;
  return { is: 'failed', because: tried.because, retry: tried.retry };
}
