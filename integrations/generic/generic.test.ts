import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { generic } from './index.ts';

const { read, idOf } = generic.webhook;

function delivery(payload: unknown, headers: Record<string, string> = {}) {
  return { body: Buffer.from(JSON.stringify(payload)), headers, now: '2026-11-21T10:00:00Z' };
}

test('fields are taken from where the mapping says, by dots or by a JSON pointer', () => {
  const payload = {
    who: { mail: 'ann@example.com', 'first/name': 'Ann', phones: ['+1 555 555 0123'] },
    size: '25',
    extra: { fleet: 12 },
  };
  const mapping = {
    ...{ email: 'who.mail', firstName: '/who/first~1name', phone: 'who.phones.0' },
    ...{ companySize: 'size', 'fields.fleet': '/extra/fleet', 'address.city': 'nowhere.at.all' },
  };
  expect(read(payload, { mapping, source: 'website', campaign: 'Spring' })).toEqual([
    {
      is: 'lead-arrived',
      lead: {
        ...{ source: 'website', campaign: 'Spring', email: 'ann@example.com', firstName: 'Ann' },
        ...{ phone: '+1 555 555 0123', companySize: 25, fields: { fleet: 12 } },
      },
    },
  ]);
});

test('without a mapping our own names are understood', () => {
  const payload = { email: 'ann@example.com', tags: 'a, b', unknown: 1, status: 'converted' };
  expect(read(payload, {})).toEqual([
    { is: 'lead-arrived', lead: { email: 'ann@example.com', tags: ['a', 'b'] } },
  ]);
});

test('one body may hold a list of leads', () => {
  const payload = { data: { items: [{ email: 'a@example.com' }, { email: 'b@example.com' }] } };
  const happenings = read(payload, { listAt: 'data.items' });
  expect(happenings.map((one) => one.is === 'lead-arrived' && one.lead.email)).toEqual([
    'a@example.com',
    'b@example.com',
  ]);
});

test('the event id is the header, else the mapped field, else the hash of the body', () => {
  const payload = { event: { id: 42 } };
  const settings = { eventIdAt: 'event.id' };
  expect(idOf(payload, delivery(payload, { 'webhook-id': 'msg_1' }), settings)).toBe('msg_1');
  expect(idOf(payload, delivery(payload), settings)).toBe('42');
  const hash = createHash('sha256').update(JSON.stringify(payload)).digest('hex');
  expect(idOf(payload, delivery(payload), {})).toBe(hash);
});

test.each([null, 'text', 42, true])('a body that is no object has no id: %j', (payload) => {
  expect(() => idOf(payload, delivery(payload), {})).toThrow('Send a JSON object');
});

test('names of the prototype are data or nothing', () => {
  const payload: unknown = JSON.parse(
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"x":1}},"email":"a@example.com"}',
  );
  const mapping = {
    ...{ 'fields.constructor': 'constructor.prototype', 'fields.__proto__': 'email' },
    ...{ firstName: '__proto__.polluted', lastName: 'toString.name' },
  };
  const [happening] = read(payload, { mapping: JSON.parse(JSON.stringify(mapping)) as object });
  expect(happening).toMatchObject({
    is: 'lead-arrived',
    lead: { email: 'a@example.com', firstName: '1' },
  });
  expect(happening).not.toMatchObject({ lead: { lastName: expect.anything() } });
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test.each([null, 'text', 42, [null], { email: { a: 1 } }])(
  'what is no lead is malformed: %j',
  (payload) => {
    expect(() => read(payload, {})).toThrow(expect.objectContaining({ reason: 'malformed' }));
  },
);
