import { expect, test } from 'vitest';
import { holidaysOf } from './holidays.ts';
import { zoneOf, zonesOfPhone } from './zones.ts';

test('the zone comes from the area code first and then from the address and then from the workspace', () => {
  const workspaceZone = 'Europe/Zurich';
  expect(zoneOf({ phone: '+12125550123', country: 'US', region: 'CA', workspaceZone })).toEqual({
    ...{ zone: 'America/New_York', because: 'phone' },
  });
  expect(zoneOf({ country: 'US', region: 'ca', workspaceZone }).zone).toBe('America/Los_Angeles');
  expect(zoneOf({ workspaceZone })).toEqual({ zone: workspaceZone, because: 'workspace' });
});

test('a number or a state in two zones settles nothing', () => {
  expect(zonesOfPhone('+12085550123').length).toBeGreaterThan(1);
  expect(zoneOf({ phone: '+18005550123', country: 'US', region: 'TX' })).toEqual({
    ...{ zone: undefined, because: 'unknown' },
  });
  expect(zoneOf({ phone: '+12085550123', country: 'US', region: 'TX' }).zone).toBeUndefined();
});

test('numbers of other countries have their zone', () => {
  expect(zoneOf({ phone: '+41445550123' }).zone).toBe('Europe/Zurich');
  expect(zoneOf({ phone: '+442079460123' }).zone).toBe('Europe/London');
});

test('public holidays differ by country and region and a workspace adds its own', () => {
  const us = holidaysOf('US', 'CA', ['2026-12-24']);
  const days = ['2026-07-04', '2026-12-25', '2026-12-24', '2026-12-23'];
  expect(days.map((day) => us(day))).toEqual([true, true, true, false]);
  expect(holidaysOf('US')('2026-11-26')).toBe(true);
  expect(holidaysOf('DE', 'BY')('2026-01-06')).toBe(true);
  expect(holidaysOf('DE', 'BE')('2026-01-06')).toBe(false);
  expect(holidaysOf(null)('2026-12-25')).toBe(false);
});
