import { readFileSync } from 'node:fs';
import { type CountryCode, getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js/max';
import { countryCode, regionCode } from '#domain/place.ts';
import type { Enrichable, EnrichedFacts } from '#integrations/enrichment.ts';

/**
 * The time zone of a person: by the number when its prefix lies in one zone, else by the address, else the
 * first of the zones that the number may lie in. Nothing for numbers that are everywhere, such as +1 800.
 */
export function zoneFacts(
  phoneE164: string | undefined,
  address: Enrichable['address'],
): Pick<EnrichedFacts, 'timeZone' | 'zoneSource'> {
  const byPhone = phoneE164 ? zonesOfNumber(phoneE164) : [];
  const byAddress = zoneOfAddress(address);
  if (byPhone.length === 1) return { timeZone: byPhone[0]!, zoneSource: 'phone' };
  if (byAddress) return { timeZone: byAddress, zoneSource: 'address' };
  const few = byPhone.length > 0 && byPhone.length <= 3;
  return few ? { timeZone: byPhone[0]!, zoneSource: 'phone' } : {};
}

/** The zones (IANA) in which numbers of this prefix lie, by the longest prefix that the table knows. */
export function zonesOfNumber(e164: string): string[] {
  const digits = e164.replace(/\D/g, '');
  for (let length = Math.min(digits.length, 9); length > 0; length -= 1) {
    const zones = table().get(digits.slice(0, length));
    if (zones) return zones.filter((zone) => zone !== 'Etc/Unknown');
  }
  return [];
}

function zoneOfAddress(address: Enrichable['address']): string | undefined {
  const country = countryCode(address?.country ?? '');
  const state = address?.region ? regionCode(address.region, country) : undefined;
  if (state && (country === undefined || country === 'US') && state in states) return states[state];
  if (!country || country === 'US' || !isSupportedCountry(country)) return undefined;
  const zones = table().get(getCountryCallingCode(country as CountryCode));
  return zones?.length === 1 ? zones[0] : undefined;
}

let read: Map<string, string[]> | undefined;

/** Google's table of the numbering plans, with its licence above it. */
function table(): Map<string, string[]> {
  return (read ??= new Map(
    readFileSync(new URL('timezones.txt', import.meta.url), 'utf8')
      .split('\n')
      .filter((line) => /^\d/.test(line))
      .map((line) => line.trim().split('|') as [string, string])
      .map(([prefix, zones]) => [prefix, zones.split('&')]),
  ));
}

/** Where most people of a state live. */
const states: Record<string, string> = Object.fromEntries(
  Object.entries({
    'America/New_York': 'CT DE DC FL GA IN KY ME MD MA MI NH NJ NY NC OH PA RI SC VT VA WV',
    'America/Chicago': 'AL AR IL IA KS LA MN MS MO NE ND OK SD TN TX WI',
    'America/Denver': 'CO ID MT NM UT WY',
    'America/Phoenix': 'AZ',
    'America/Los_Angeles': 'CA NV OR WA',
    'America/Anchorage': 'AK',
    'Pacific/Honolulu': 'HI',
  }).flatMap(([zone, codes]) => codes.split(' ').map((code) => [code, zone])),
);
