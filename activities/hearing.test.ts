import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { createConnection } from '#db/connections.ts';
import { receiveMessage } from '#db/replies.ts';
import { applyTags } from '#db/tags.ts';
import { seedWorkspace } from '#db/taxonomies.ts';
import { calcom } from '#integrations/calcom/index.ts';
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
    return async function told(source: 'sms-gateway' | 'plusvibe' | 'calcom', event: object) {
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
  if (source === 'calcom') return { 'x-cal-signature-256': signature };
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

function meeting(triggerEvent: string, createdAt: string, change: object = {}) {
  return {
    ...{ triggerEvent, createdAt },
    payload: {
      ...{ uid: 'cal-1', title: 'Fleet demo', type: 'demo', status: 'ACCEPTED' },
      ...{ startTime: '2031-03-15T15:00:00Z', endTime: '2031-03-15T15:30:00Z' },
      organizer: { email: 'sam@ours.example', name: 'Sam Reyes', timeZone: 'America/Chicago' },
      attendees: [{ email: 'Ann@acme.example', name: 'Ann Example', timeZone: 'America/Phoenix' }],
      responses: { company: { label: 'company', value: 'Acme Freight' }, location: { value: {} } },
      metadata: { videoCallUrl: 'https://meet.example/abc' },
      ...change,
    },
  };
}

test('a booking is one record and one task however often it moves and cancelled it stays', async ({
  told,
  inside,
  serve,
}) => {
  expect(await told('calcom', meeting('BOOKING_CREATED', '2031-03-01T10:00:00Z'))).toEqual({
    ...{ state: 'done', reason: null },
  });
  const moved = {
    ...{ uid: 'cal-2', rescheduleUid: 'cal-1' },
    ...{ startTime: '2031-03-16T15:00:00Z', endTime: '2031-03-16T15:30:00Z' },
  };
  await told('calcom', meeting('BOOKING_RESCHEDULED', '2031-03-02T10:00:00Z', moved));
  // What the calendar said before comes too late.
  await told('calcom', meeting('BOOKING_CREATED', '2031-03-01T10:00:00Z'));
  const { body } = await serve.get('/api/bookings');
  const [booking] = (body as { items: { leadId: string }[] }).items;
  expect(body).toEqual({
    items: [
      expect.objectContaining({
        ...{ title: 'Fleet demo', status: 'booked', timesMoved: 1 },
        ...{ startsAt: '2031-03-16T15:00:00.000Z', location: 'https://meet.example/abc' },
      }),
    ],
  });
  expect(await tasks()).toEqual([
    { kind: 'meeting', dueAt: '2031-03-16T15:00:00.000Z', cancelledAt: null },
  ]);
  const gone = { ...moved, uid: 'cal-2', cancellationReason: 'Ill' };
  await told('calcom', meeting('BOOKING_CANCELLED', '2031-03-03T10:00:00Z', gone));
  expect((await serve.get(`/api/bookings?lead=${booking!.leadId}`)).body).toEqual({
    items: [expect.objectContaining({ status: 'cancelled', reason: 'Ill', timesMoved: 1 })],
  });
  expect(await tasks()).toEqual([
    expect.objectContaining({ kind: 'meeting', cancelledAt: expect.any(String) as string }),
  ]);
  expect(await inside(({ db }) => db.selectFrom('leads').select('source').execute())).toEqual([
    { source: 'calcom' },
  ]);

  function tasks() {
    return inside(({ db }) =>
      db.selectFrom('tasks').select(['kind', 'dueAt', 'cancelledAt']).execute(),
    );
  }
});

test('two meetings of one lead are two records', async ({ told, serve }) => {
  await told('calcom', meeting('BOOKING_CREATED', '2031-03-01T10:00:00Z'));
  await told('calcom', meeting('BOOKING_CREATED', '2031-03-01T11:00:00Z', { uid: 'cal-9' }));
  const { body } = await serve.get('/api/bookings');
  const { items } = body as { items: { leadId: string }[] };
  expect(items).toHaveLength(2);
  expect(new Set(items.map(({ leadId }) => leadId)).size).toBe(1);
});

test('a booking that Cal.com did not sign is refused, and a kind of event we do not use is ignored', async ({
  told,
}) => {
  expect(await told('calcom', { triggerEvent: 'MEETING_ENDED', createdAt: 'x' })).toEqual({
    ...{ state: 'ignored', reason: 'We do not use this kind of event.' },
  });
  const { verify } = calcom.webhook;
  const secrets = { secret: 'a secret of the sender' };
  const delivery = { body: Buffer.from('{}'), now: '2031-03-01T10:00:00Z' };
  for (const signature of ['no-secret-provided', '', undefined]) {
    const headers = { 'x-cal-signature-256': signature };
    expect(() => verify({ ...delivery, headers }, secrets)).toThrow('signature');
  }
});

test('a mail from a stranger is a lead like one from a form or the API where the workspace wants it', async ({
  inside,
  serve,
}) => {
  const told = { channel: 'email' as const, kind: 'other' as const, provider: 'resend', to: null };
  const words = { subject: 'Forty vans', text: 'Can you help?', at: '2026-11-20T10:00:00.000Z' };
  const stranger = { from: 'Ann@Acme.example', fromName: 'Ann de Example' };
  const mail = { ...told, ...words, ...stranger, providerId: '<1@acme.example>' };
  expect((await inside((scope) => receiveMessage(scope, mail))).matched).toBeNull();
  expect((await serve.patch('/api/workspace', { settings: { mailLeads: true } })).status).toBe(200);
  const again = { ...mail, providerId: '<2@acme.example>' };
  const first = await inside((scope) => receiveMessage(scope, again));
  const twice = await inside((scope) => receiveMessage(scope, again));
  expect(first).toMatchObject({ duplicate: false, matched: { confidence: 1 } });
  expect(twice).toMatchObject({ duplicate: true });
  const robot = { ...mail, from: 'noreply@other.example', providerId: '<3@acme.example>' };
  expect((await inside((scope) => receiveMessage(scope, robot))).matched).toBeNull();
  const form = { email: 'ann@acme.example', source: 'website' };
  expect((await serve.post('/api/leads', form)).body).toMatchObject({ matched: true });
  expect(await inside(({ db }) => db.selectFrom('leads').select('source').execute())).toEqual([
    { source: 'email' },
  ]);
  expect(
    await inside(({ db }) => db.selectFrom('contacts').select(['firstName', 'lastName']).execute()),
  ).toEqual([{ firstName: 'Ann', lastName: 'de Example' }]);
});
