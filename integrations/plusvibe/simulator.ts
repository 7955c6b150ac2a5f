import { parsed } from '#integrations/receipt.ts';
import { type Call, type Reply, simulate } from '#integrations/simulated.ts';

/**
 * The one call of PlusVibe's API that we make, `POST /api/v1/lead/update/status`, as public clients use it.
 * `statuses` holds what each lead was set to, by campaign and address.
 */
export async function simulatePlusvibe({ apiKey = 'key', accepts = ['PAUSED', 'COMPLETED'] } = {}) {
  const statuses = new Map<string, string>();

  function handle(call: Call): Reply {
    if (call.headers['x-api-key'] !== apiKey) return failure(401, 'Invalid API key');
    if (call.path !== '/api/v1/lead/update/status') return failure(404, 'Not found');
    const { workspace_id, campaign_id, email, new_status } = (parsed(call.body) ?? {}) as Record<
      string,
      string | undefined
    >;
    if (!workspace_id || !campaign_id || !email || !accepts.includes(new_status ?? '')) {
      return failure(400, 'Invalid status');
    }
    statuses.set(`${campaign_id}/${email}`, new_status!);
    return { status: 200, body: { status: 'success' }, key: `${campaign_id}/${email}` };
  }

  return { ...(await simulate(handle)), statuses };
}

function failure(status: number, message: string): Reply {
  return { status, body: { status: 'error', message } };
}
