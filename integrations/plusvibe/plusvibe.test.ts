import { afterAll, beforeEach, expect, test } from 'vitest';
import { createOutbound } from '#integrations/http.ts';
import { plusvibe } from './index.ts';
import { simulatePlusvibe } from './simulator.ts';

const reply = {
  ...{ webhook_event: 'ALL_POSITIVE_REPLIES', workspace_id: 'w1', campaign_id: 'c1' },
  ...{ campaign_name: 'HVAC Texas', lead_id: 'l1', email: 'ann@example.com', thread_id: 't1' },
  ...{ first_name: 'Ann', last_name: 'Example', company_name: 'Example Air', job_title: 'Owner' },
  ...{
    company_website: 'air.example.com',
    phone_number: '',
    city: 'Austin',
    state: 'TX',
    country: null,
  },
  ...{
    sentiment: 'POSITIVE',
    latest_subject: 'Re: Fleet lines',
    replied_date: '2026-11-21T10:00:00Z',
  },
  text_body: 'Yes, call me.\n\nOn Fri, 20 Nov 2026 at 09:00, Rep <rep@example.org> wrote:\n> Hello',
};

const { read, idOf } = plusvibe.webhook;

test('a positive reply is a lead with its campaign and what was written', () => {
  expect(read(reply)).toEqual([
    {
      is: 'lead-arrived',
      lead: {
        ...{ source: 'plusvibe', email: 'ann@example.com', firstName: 'Ann', lastName: 'Example' },
        ...{ company: 'Example Air', website: 'air.example.com', title: 'Owner' },
        ...{ campaign: 'HVAC Texas', externalId: 'l1', fields: { plusvibeCampaignId: 'c1' } },
        address: { city: 'Austin', region: 'TX' },
      },
      reply: {
        ...{ text: 'Yes, call me.', subject: 'Re: Fleet lines', threadId: 't1' },
        at: '2026-11-21T10:00:00.000Z',
      },
    },
  ]);
});

test('one answer that arrives as a first, a positive and any reply is one event', () => {
  const kinds = ['FIRST_EMAIL_REPLIES', 'ALL_EMAIL_REPLIES', 'ALL_POSITIVE_REPLIES'];
  const ids = kinds.map((webhook_event) => idOf({ ...reply, webhook_event }));
  expect(new Set(ids).size).toBe(1);
  expect(idOf({ ...reply, text_body: 'And another thing' })).not.toBe(ids[0]);
});

test.each([
  [
    { webhook_event: 'ALL_EMAIL_REPLIES', sentiment: 'NEUTRAL' },
    'The reply is not a positive one.',
  ],
  [{ webhook_event: 'LEAD_MARKED_AS_NOT_INTERESTED' }, 'The label is not a positive one.'],
  [{ webhook_event: 'LEAD_MARKED_AS_OUR_OWN_WORD' }, 'The label is not a positive one.'],
  [{ webhook_event: 'EMAIL_SENT' }, 'We do not use this kind of event.'],
  [{ webhook_event: 'BOUNCED_EMAIL' }, 'We do not use this kind of event.'],
])('what is no yes is ignored for a reason: %j', (change, because) => {
  expect(read({ ...reply, ...change })).toEqual([{ is: 'ignored', because }]);
});

test('a lead marked as interested is a lead too, wrapped or not', () => {
  const event = { ...reply, webhook_event: 'LEAD_MARKED_AS_INTERESTED', text_body: null };
  expect(read({ data: event })).toMatchObject([{ is: 'lead-arrived', lead: { firstName: 'Ann' } }]);
});

test.each([{}, [], 'x', null, { ...reply, email: null }])(
  'another body is malformed: %j',
  (body) => {
    expect(() => read(body)).toThrow('This is not an event of PlusVibe.');
  },
);

const api = await simulatePlusvibe();
const older = await simulatePlusvibe({ accepts: ['COMPLETED'] });
const outbound = createOutbound({ allow: ['127.0.0.1'] });
const lead = { email: 'ann@example.com', campaignId: 'c1' };
const { pauseLead, stopLead } = plusvibe.actions;

function connection(url = api.url, apiKey: string | undefined = 'key') {
  return { settings: { url, workspaceId: 'w1' }, secrets: { secret: 's', apiKey }, outbound };
}

beforeEach(() => void api.calls.splice(0));

afterAll(() => Promise.all([api.stop(), older.stop(), outbound.close()]));

test('PlusVibe is told to pause and to stop its own sequence', async () => {
  expect(await pauseLead(lead, connection())).toEqual({ is: 'done' });
  expect(api.statuses.get('c1/ann@example.com')).toBe('PAUSED');
  expect(await stopLead(lead, connection())).toEqual({ is: 'done' });
  expect(api.statuses.get('c1/ann@example.com')).toBe('COMPLETED');
});

test('where leads cannot be paused they are completed: silence comes first', async () => {
  expect(await pauseLead(lead, connection(older.url))).toEqual({ is: 'done' });
  expect(older.statuses.get('c1/ann@example.com')).toBe('COMPLETED');
});

test.each([
  [{ status: 500 }, true],
  [{ status: 429 }, true],
  [{ reset: 'after' as const }, true],
  [{ status: 404 }, false],
])('what went wrong says whether to try again: %j', async (order, retry) => {
  api.script(order);
  expect(await stopLead(lead, connection())).toMatchObject({ is: 'failed', retry });
});

test('no error repeats the key or the address', async () => {
  const wrong = await stopLead(lead, connection(api.url, 'hunter2'));
  expect(wrong).toEqual({ is: 'failed', because: 'PlusVibe answered 401.', retry: false });
  const none = await stopLead(lead, { ...connection(), secrets: { secret: 's' } });
  expect(none).toMatchObject({ is: 'failed', retry: false });
});
