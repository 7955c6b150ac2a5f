import { secretsOf } from '#db/connections.ts';
import { inWorkspace } from '#db/scope.ts';
import { plusvibe } from '#integrations/plusvibe/index.ts';
import type { Deps } from './deps.ts';

export function plusvibeActivities({ db, encryptionKey, outbound }: Deps) {
  return {
    /** Asks PlusVibe to pause or stop its own sequence for a lead; asked again, nothing changes there. */
    async tellPlusvibe({ workspaceId, leadId, connectionId, stop }: Told): Promise<void> {
      const who = { workspaceId, actor: 'engine' };
      const known = await inWorkspace(db, who, async (scope) => {
        const lead = await scope.db
          .selectFrom('leads as l')
          .innerJoin('contacts as c', 'c.id', 'l.contactId')
          .select(['l.fields', 'l.campaign', 'c.email'])
          .where('l.id', '=', leadId)
          .executeTakeFirst();
        const connection = await scope.db
          .selectFrom('connections')
          .select('settings')
          .where('id', '=', connectionId)
          .where('active', '=', true)
          .executeTakeFirst();
        if (!lead || !connection) return undefined;
        const secrets = await secretsOf(scope, connectionId, encryptionKey);
        return { lead, connection: { settings: connection.settings, secrets, outbound } };
      });
      const fields = (known?.lead.fields ?? {}) as Record<string, string>;
      const campaignId = fields['plusvibeCampaignId'] ?? known?.lead.campaign;
      if (!known?.lead.email || !campaignId) return;
      const { email } = known.lead;
      const { pauseLead, stopLead } = plusvibe.actions;
      const done = await (stop ? stopLead : pauseLead)({ email, campaignId }, known.connection);
      if (done.is === 'failed' && done.retry) throw new Error(done.because);
    },
  };
}

interface Told {
  workspaceId: string;
  leadId: string;
  connectionId: string;
  stop?: boolean;
}
