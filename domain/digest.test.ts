import { expect, test } from 'vitest';
import { boundsOf, digestOf, type DigestSummary, morningOf } from './digest.ts';

test.each([
  ['2026-11-01T11:59:59Z', undefined],
  ['2026-11-01T12:00:00Z', '2026-11-01'],
  ['2026-11-01T17:59:59Z', '2026-11-01'],
  ['2026-11-01T18:00:00Z', undefined],
])('at %s the morning in Chicago, whose clocks went back, is that of %s', (now, day) => {
  expect(morningOf(now, 'America/Chicago')).toBe(day);
});

test('a day has 25 hours when the clocks go back, and begins late where midnight is left out', () => {
  expect(boundsOf('2026-11-01T20:00:00Z', 'America/Chicago')).toEqual({
    ...{ from: '2026-11-01T05:00:00.000Z', to: '2026-11-02T06:00:00.000Z' },
  });
  // Beirut goes from 00:00 to 01:00.
  expect(boundsOf('2026-03-29T12:00:00Z', 'Asia/Beirut').from).toBe('2026-03-28T22:00:00.000Z');
});

test('a digest names the first few, counts the rest and keeps a title on one line', () => {
  const [at, href] = ['2026-03-01T12:00:00Z', '/leads/1'];
  const parts = { staleLeads: { count: 7, items: [{ title: 'Ann\nBcc: all', href, at }] } };
  const summary: DigestSummary = {
    at: '2026-03-09T12:00:00Z',
    zone: 'UTC',
    currency: 'USD',
    parts,
  };
  const { subject, text } = digestOf(summary, 'https://crm.example')!;
  expect(subject).toBe('7 stale leads');
  expect(text).toContain('- Ann Bcc: all: nothing for 8 days\n  https://crm.example/leads/1');
  expect(text).toContain('- and 6 more');
  expect(digestOf({ ...summary, parts: {} }, 'https://crm.example')).toBeUndefined();
});
