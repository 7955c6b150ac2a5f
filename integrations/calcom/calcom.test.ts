import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { calcom } from './index.ts';

const { read, idOf, verify } = calcom.webhook;

const meeting = {
  ...{ uid: 'cal-1', title: 'Fleet demo', organizer: { email: 'rep@northgate.example' } },
  ...{ startTime: '2031-03-15T15:00:00Z', endTime: '2031-03-15T15:30:00Z' },
  attendees: [{ email: 'ann@example.com', name: 'Ann Marie Example', timeZone: 'America/Phoenix' }],
  responses: { phone: { value: '+1 602 555 0142' }, company: { value: 'Example Air' } },
  metadata: { videoCallUrl: 'https://meet.example/abc' },
};

function event(triggerEvent: string, changes: object = {}) {
  const payload = { ...meeting, ...changes };
  return { triggerEvent, createdAt: '2031-03-01T10:00:00Z', payload };
}

function delivery(body = Buffer.from(''), headers = {}) {
  return { body, headers, now: '2031-03-01T10:00:00.000Z' };
}

test('who books is a lead, with what they wrote in the form and the meeting they booked', () => {
  expect(read(event('BOOKING_CREATED'))).toEqual([
    {
      is: 'lead-arrived',
      lead: {
        ...{ source: 'calcom', email: 'ann@example.com', firstName: 'Ann' },
        ...{ lastName: 'Marie Example', phone: '+1 602 555 0142', company: 'Example Air' },
      },
      booking: {
        ...{ kind: 'booked', uid: 'cal-1', title: 'Fleet demo' },
        ...{ toldAt: '2031-03-01T10:00:00.000Z', location: 'https://meet.example/abc' },
        ...{ startsAt: '2031-03-15T15:00:00.000Z', endsAt: '2031-03-15T15:30:00.000Z' },
        organizer: 'rep@northgate.example',
      },
    },
  ]);
});

test('a moved meeting names the one before it, and only a cancelled one says why', () => {
  const changes = { uid: 'cal-2', rescheduleUid: 'cal-1', cancellationReason: 'Ill' };
  expect(read(event('BOOKING_RESCHEDULED', changes))).toMatchObject([
    { booking: { kind: 'moved', uid: 'cal-2', before: 'cal-1' } },
  ]);
  const [moved] = read(event('BOOKING_RESCHEDULED', changes));
  expect(moved).not.toHaveProperty('booking.reason');
  expect(read(event('BOOKING_CANCELLED', changes))).toMatchObject([
    { booking: { kind: 'cancelled', reason: 'Ill' } },
  ]);
});

test('the same news of a meeting has one id, and another time or another kind has another', () => {
  const ids = [
    event('BOOKING_CREATED'),
    { ...event('BOOKING_CREATED'), createdAt: '2031-03-01T10:05:00Z' },
    event('BOOKING_CREATED', { startTime: '2031-03-16T15:00:00Z' }),
    event('BOOKING_CANCELLED'),
  ].map((one) => idOf(one));
  expect(ids[1]).toBe(ids[0]);
  expect(new Set(ids).size).toBe(3);
});

test('a kind of event that we do not use is ignored for a reason', () => {
  expect(read({ triggerEvent: 'FORM_SUBMITTED', payload: {} })).toEqual([
    { is: 'ignored', because: 'We do not use this kind of event.' },
  ]);
});

test.each([
  {},
  [],
  'x',
  null,
  { triggerEvent: 'BOOKING_CREATED' },
  event('BOOKING_CREATED', { attendees: [] }),
  event('BOOKING_CREATED', { startTime: 'soon' }),
])('what is no event of Cal.com is refused: %j', (payload) => {
  expect(() => read(payload)).toThrow('This is not an event of Cal.com.');
  expect(() => idOf(payload)).toThrow('This is not an event of Cal.com.');
});

test('only what the secret signed is taken', () => {
  const body = Buffer.from(JSON.stringify(event('BOOKING_CREATED')));
  const right = createHmac('sha256', 'shared').update(body).digest('hex');
  function check(signature: string | undefined, bytes = body) {
    const headers = signature === undefined ? {} : { 'x-cal-signature-256': signature };
    return () => verify(delivery(bytes, headers), { secret: 'shared' });
  }
  expect(check(right)).not.toThrow();
  const other = createHmac('sha256', 'another').update(body).digest('hex');
  for (const wrong of [undefined, '', 'no-secret-provided', other, right.slice(0, -2)]) {
    expect(check(wrong)).toThrow();
  }
  expect(check(right, Buffer.concat([body, Buffer.from(' ')]))).toThrow();
});
