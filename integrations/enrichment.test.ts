import { readFileSync } from 'node:fs';
import examples from 'libphonenumber-js/mobile/examples' with { type: 'json' };
import { getCountries, getExampleNumber } from 'libphonenumber-js/max';
import { expect, test } from 'vitest';
import { enrich, type Enricher } from './enrichment.ts';
import { zonesOfNumber } from './offline/zones.ts';

async function facts(input: Omit<Parameters<typeof enrich>[0], 'defaultRegion'>) {
  return (await enrich({ defaultRegion: 'US', ...input })).facts;
}

test('an address at the own domain tells the company', async () => {
  expect(await facts({ email: 'Ann@Acme.example.com' })).toMatchObject({
    ...{
      emailDomain: 'acme.example.com',
      emailKind: 'business',
      companyDomain: 'acme.example.com',
    },
  });
});

test('an address at a free-mail host tells no company and a website does', async () => {
  const free = await facts({ email: 'ann@gmail.com' });
  expect(free).toMatchObject({ emailKind: 'free' });
  expect(free).not.toHaveProperty('companyDomain');
  expect(
    await facts({ email: 'ann@gmail.com', website: 'www.acme.example.com/about' }),
  ).toMatchObject({ companyDomain: 'acme.example.com' });
});

test('a role and a throw-away address are told', async () => {
  expect(await facts({ email: 'info@acme.example.com' })).toMatchObject({ emailKind: 'role' });
  expect(await facts({ email: 'x@mailinator.com' })).toMatchObject({ emailKind: 'disposable' });
});

test('a number that may be a mobile is eligible for SMS and unverified', async () => {
  expect(await facts({ phone: '(512) 555-0123' })).toMatchObject({
    ...{ phoneE164: '+15125550123', phoneType: 'fixed-line-or-mobile', phoneCountry: 'US' },
    ...{ smsEligible: true, smsVerified: false },
  });
});

test.each([
  ['+44 7400 123456', { phoneType: 'mobile', smsEligible: true, smsVerified: true }],
  ['+44 121 234 5678', { phoneType: 'fixed-line', smsEligible: false }],
  ['+1 800 234 5678', { phoneType: 'toll-free', smsEligible: false }],
])('the kind of line of %s decides about SMS', async (phone, wanted) => {
  expect(await facts({ phone })).toMatchObject(wanted);
});

test.each([
  ['+1 212 555 0123', 'America/New_York'],
  ['+1 312 555 0123', 'America/Chicago'],
  ['+1 303 555 0123', 'America/Denver'],
  ['+1 602 555 0123', 'America/Phoenix'],
  ['+1 808 555 0123', 'Pacific/Honolulu'],
  ['+49 30 123456', 'Europe/Berlin'],
  ['+44 20 7946 0123', 'Europe/London'],
])('the zone of %s is told by its prefix', async (phone, timeZone) => {
  expect(await facts({ phone })).toMatchObject({ timeZone, zoneSource: 'phone' });
});

test('where the number is nowhere the address tells the zone', async () => {
  const address = { region: 'Texas', country: 'USA' };
  expect(await facts({ phone: '+1 800 234 5678', address })).toMatchObject({
    ...{ timeZone: 'America/Chicago', zoneSource: 'address' },
  });
  expect(await facts({ address: { country: 'Germany' } })).toMatchObject({
    ...{ timeZone: 'Europe/Berlin', zoneSource: 'address' },
  });
  expect(await facts({ phone: '+1 800 234 5678' })).not.toHaveProperty('timeZone');
});

test('every zone of the table exists, and every country has an example that finds its line', async () => {
  const zones = new Set(Intl.supportedValuesOf('timeZone'));
  const text = readFileSync(new URL('offline/timezones.txt', import.meta.url), 'utf8');
  const named = text.split('\n').flatMap((line) => /^\d+\|(.*)$/.exec(line)?.[1]?.split('&') ?? []);
  expect([...new Set(named)].filter((zone) => !zones.has(zone) && !isZone(zone))).toEqual([]);
  for (const country of getCountries()) {
    const number = getExampleNumber(country, examples)!.number;
    expect((await facts({ phone: number })).smsEligible, country).toBe(true);
    expect(zonesOfNumber(number).length, country).toBeGreaterThan(0);
  }
});

test('what is no number and no address is left out', async () => {
  expect(await facts({ email: 'nobody', phone: '12', website: 'no host' })).toEqual({});
});

test('each attempt is recorded, and a provider that fails changes nothing else', async () => {
  const broken: Enricher = { name: 'broken', enrich: () => Promise.reject(new Error('down')) };
  const busy: Enricher = {
    name: 'busy',
    enrich: () => Promise.reject(Object.assign(new Error('slow down'), { rateLimited: true })),
  };
  const good: Enricher = {
    name: 'good',
    enrich: () => ({ phoneType: 'mobile', smsVerified: true }),
  };
  const asked = await enrich({ defaultRegion: 'US' }, [broken, busy, good]);
  expect(asked).toEqual({
    facts: { phoneType: 'mobile', smsVerified: true },
    attempts: [
      { provider: 'broken', outcome: 'provider_error' },
      { provider: 'busy', outcome: 'rate_limited' },
      { provider: 'good', outcome: 'ok' },
    ],
  });
});

function isZone(zone: string): boolean {
  return Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
}
