import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { createConnection } from '#db/connections.ts';
import { applyTags } from '#db/tags.ts';
import { seedWorkspace } from '#db/taxonomies.ts';
import { createOutbound } from '#integrations/http.ts';
import { simulatePlusvibe } from '#integrations/plusvibe/simulator.ts';
import { test as base } from '#tests/db.ts';
import { aLead, aMember } from '#tests/leads.ts';
import { key } from '#tests/serve.ts';
import { deliveryActivities } from './deliveries.ts';
import { hear } from './hearing.ts';
import { plusvibeActivities } from './plusvibe.ts';

/** Posts what a system would, signed as it signs, and handles it as the worker does. */
const test = base
  .extend('told', ({ db, serve, who, inside }) => {
    return async function told(source: 'sms-gateway' | 'plusvibe', event: object) {
      const secrets = { secret: 'a secret of the sender' };
      const given = { source, name: source, settings: {}, secrets };
      const { id } = await inside((scope) => createConnection(scope, given, key));
      const body = JSON.stringify(event);
      const { status } = await serve.post(
        `/api/webhooks/${source}/${id}`,
        body,
        signed(source, body),
      );
      expect(status).toBe(200);
      const [delivery] = await inside(({ db }) =>
        db.selectFrom('deliveries').select('id').where('connectionId', '=', id).execute(),
      );
      const { handleDeliveries } = deliveryActivities({ db, hear, attempt: () => 1 });
      await handleDeliveries({ workspaceId: who.workspaceId, ids: [delivery!.id] });
      return inside(({ db }) =>
        db
          .selectFrom('deliveries')
          .select(['state', 'reason'])
          .where('id', '=', delivery!.id)
          .executeTakeFirstOrThrow(),
      );
    };
  })
  /** What PlusVibe was told of Ann, after something happened to her lead. */
  .extend('campaign', async ({ db, who, inside }, { onCleanup }) => {
    const plusvibe = await simulatePlusvibe();
    const outbound = createOutbound({ allow: ['127.0.0.1'] });
    onCleanup(async () => {
      await Promise.all([plusvibe.stop(), outbound.close()]);
    });
    const settings = { url: plusvibe.url, workspaceId: 'w1' };
    const campaigns = { source: 'plusvibe', name: 'Campaigns', settings };
    const secrets = { secret: 's', apiKey: 'key' };
    await inside((scope) => createConnection(scope, { ...campaigns, secrets }, key));
    const fields = { plusvibeCampaignId: 'c1' };
    const leadId = await inside((scope) =>
      aLead(scope, { email: 'ann@acme.example', phone: '602-555-0142', fields }),
    );
    const { tellPlusvibe } = plusvibeActivities({ db, encryptionKey: key, outbound } as never);
    async function told() {
      const promised = await inside(({ db }) =>
        db.deleteFrom('outbox').where('workflow', '=', 'tellPlusvibe').returning('input').execute(),
      );
      for (const { input } of promised) {
        const [asked] = JSON.parse(input) as Parameters<typeof tellPlusvibe>;
        await tellPlusvibe({ ...asked, workspaceId: who.workspaceId });
      }
      return { times: promised.length, status: plusvibe.statuses.get('c1/ann@acme.example') };
    }
    return { leadId, told };
  });

function signed(source: string, body: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const over = source === 'sms-gateway' ? body + timestamp : body;
  const signature = createHmac('sha256', 'a secret of the sender').update(over).digest('hex');
  return { 'x-signature': signature, 'x-timestamp': timestamp };
}

const inboundText = {
  ...{ id: 'evt-1', event: 'sms:received', deviceId: 'd', webhookId: 'w' },
  payload: {
    ...{ messageId: 'sms-1', message: 'Call me tomorrow', sender: '+16025550142' },
    ...{ recipient: '+16025550199', receivedAt: '2026-11-20T10:00:00.000Z', simNumber: 1 },
  },
};

test('a text that a phone received is kept with its lead, and the owner finds it in Today', async ({
  told,
  inside,
}) => {
  await inside((scope) => aMember(scope, { userId: 'dana' }));
  const leadId = await inside((scope) => aLead(scope, { phone: '602-555-0142' }));
  await inside(({ db }) => db.updateTable('leads').set({ ownerId: 'dana' }).execute());
  expect(await told('sms-gateway', inboundText)).toEqual({ state: 'done', reason: null });
  const messages = await inside(({ db }) =>
    db
      .selectFrom('messages')
      .select(['leadId', 'direction', 'channel', 'body', 'sender', 'recipient', 'matchedBy'])
      .execute(),
  );
  expect(messages).toEqual([
    {
      ...{ leadId, direction: 'in', channel: 'sms', body: 'Call me tomorrow' },
      ...{ sender: '+16025550142', recipient: '+16025550199', matchedBy: 'phone' },
    },
  ]);
  const asked = await inside(({ db }) =>
    db.selectFrom('tasks').select(['kind', 'assigneeId', 'leadId']).execute(),
  );
  expect(asked).toEqual([{ kind: 'reply', assigneeId: 'dana', leadId }]);
  const notes = await inside(({ db }) =>
    db.selectFrom('notifications').select(['userId', 'href']).execute(),
  );
  expect(notes).toEqual([{ userId: 'dana', href: `/leads/${leadId}` }]);
});

test('a positive reply to a campaign is a lead with its conversation', async ({ told, inside }) => {
  const event = {
    ...{ webhook_event: 'ALL_POSITIVE_REPLIES', email: 'ann@acme.example', first_name: 'Ann' },
    ...{ campaign_id: 'c1', campaign_name: 'HVAC Texas', lead_id: 'l1', thread_id: 't1' },
    ...{ text_body: 'Yes, call me.', subject: 'Re: Fleet', replied_date: '2026-11-20T10:00:00Z' },
  };
  expect(await told('plusvibe', event)).toMatchObject({ state: 'done' });
  const said = await inside(({ db }) =>
    db
      .selectFrom('messages as m')
      .innerJoin('leads as l', 'l.id', 'm.leadId')
      .select(['l.campaign', 'l.source', 'l.externalId', 'm.body', 'm.subject', 'm.direction'])
      .execute(),
  );
  expect(said).toEqual([
    {
      ...{ campaign: 'HVAC Texas', source: 'plusvibe', externalId: 'l1' },
      ...{ body: 'Yes, call me.', subject: 'Re: Fleet', direction: 'in' },
    },
  ]);
  const tasks = await inside(({ db }) => db.selectFrom('tasks').select('kind').execute());
  expect(tasks).toEqual([{ kind: 'reply' }]);
});

test('what a phone reports of a text moves it forward and never back', async ({ told, inside }) => {
  const leadId = await inside((scope) => aLead(scope, { phone: '602-555-0142' }));
  await inside(({ db, workspaceId }) =>
    sql`insert into touches (workspace_id, lead_id, contact_id, channel, state, key, due_at, provider, provider_id)
        select ${workspaceId}, id, contact_id, 'sms', 'accepted', 'k', now(), 'sms-gateway', 'out-1'
        from leads where id = ${leadId}`.execute(db),
  );
  function report(event: string, more: object) {
    const payload = { messageId: 'out-1', ...more };
    return told('sms-gateway', { id: event, event, payload });
  }
  async function state() {
    const row = await inside(({ db }) =>
      db.selectFrom('touches').select('state').executeTakeFirstOrThrow(),
    );
    return row.state;
  }
  await report('sms:delivered', { deliveredAt: '2026-11-20T10:00:05Z' });
  expect(await state()).toBe('delivered');
  await report('sms:sent', { sentAt: '2026-11-20T10:00:01Z' });
  expect(await state()).toBe('delivered');
});

test('PlusVibe stops writing to who answered us', async ({ campaign, told }) => {
  await told('sms-gateway', inboundText);
  expect(await campaign.told()).toEqual({ times: 1, status: 'PAUSED' });
});

test('a disposition pauses the sequence of PlusVibe or ends it, as the tag says', async ({
  campaign,
  inside,
}) => {
  await inside(seedWorkspace);
  const { leadId } = campaign;
  await inside((scope) => applyTags(scope, [{ leadId, slug: 'interested' }]));
  expect(await campaign.told()).toEqual({ times: 1, status: 'PAUSED' });
  await inside((scope) => applyTags(scope, [{ leadId, slug: 'not-interested' }]));
  expect(await campaign.told()).toEqual({ times: 1, status: 'COMPLETED' });
});
