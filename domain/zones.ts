import prefixes from './phone-zones.json' with { type: 'json' };

/** Where a person is, in time, and how we know. Without a zone nobody knows. */
export interface Whereabouts {
  zone: string | undefined;
  because: 'phone' | 'address' | 'workspace' | 'unknown';
}

interface Known {
  /** E.164. */
  phone?: string | null;
  /** ISO 3166 alpha-2. */
  country?: string | null;
  /** State or province: two letters or its name. */
  region?: string | null;
  workspaceZone?: string | null;
}

/**
 * The zone a person lives in: by the number's area code, else by the address, else the workspace's.
 * A number or an address that spans several zones settles nothing; if either is there and neither settles it, nobody knows.
 */
export function zoneOf({ phone, country, region, workspaceZone }: Known): Whereabouts {
  const byPhone = phone ? zonesOfPhone(phone) : [];
  if (byPhone.length === 1) return { zone: byPhone[0], because: 'phone' };
  const byAddress = zoneOfAddress(country, region);
  if (byAddress && (byPhone.length === 0 || byPhone.includes(byAddress)))
    return { zone: byAddress, because: 'address' };
  if (workspaceZone && !phone && !country) return { zone: workspaceZone, because: 'workspace' };
  return { zone: undefined, because: 'unknown' };
}

/** Every zone in which a number of this prefix may ring; none if the prefix is nobody's. */
export function zonesOfPhone(phone: string): string[] {
  const digits = phone.replace(/\D/g, '');
  for (let length = Math.min(digits.length, 9); length > 0; length -= 1) {
    const zones = byPrefix.get(digits.slice(0, length));
    if (zones) return zones;
  }
  return [];
}

const byPrefix = new Map(
  prefixes.ranges.flatMap(({ zones, prefixes }) =>
    prefixes.split(' ').map((prefix) => [prefix, zones] as const),
  ),
);

const states: Record<string, string> = {
  'America/New_York': 'CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV MI',
  'America/Chicago': 'AL AR IA IL LA MN MO MS OK WI',
  'America/Denver': 'CO MT NM UT WY',
  'America/Phoenix': 'AZ',
  'America/Los_Angeles': 'CA WA NV',
  'Pacific/Honolulu': 'HI',
  'America/Puerto_Rico': 'PR',
};
const provinces: Record<string, string> = {
  'America/Toronto': 'QC',
  'America/Winnipeg': 'MB',
  'America/Regina': 'SK',
  'America/Edmonton': 'AB',
  'America/Halifax': 'NS NB PE',
};
const countries: Record<string, string> = {
  ...{ AT: 'Europe/Vienna', BE: 'Europe/Brussels', CH: 'Europe/Zurich', CZ: 'Europe/Prague' },
  ...{ DE: 'Europe/Berlin', DK: 'Europe/Copenhagen', FI: 'Europe/Helsinki', FR: 'Europe/Paris' },
  ...{ GB: 'Europe/London', IE: 'Europe/Dublin', IT: 'Europe/Rome', LU: 'Europe/Luxembourg' },
  ...{ NL: 'Europe/Amsterdam', NO: 'Europe/Oslo', PL: 'Europe/Warsaw', SE: 'Europe/Stockholm' },
  ...{ GR: 'Europe/Athens', HU: 'Europe/Budapest', RO: 'Europe/Bucharest', LI: 'Europe/Vaduz' },
  ...{ IN: 'Asia/Kolkata', JP: 'Asia/Tokyo', SG: 'Asia/Singapore', HK: 'Asia/Hong_Kong' },
  ...{ IL: 'Asia/Jerusalem', AE: 'Asia/Dubai', ZA: 'Africa/Johannesburg', TR: 'Europe/Istanbul' },
};

/** States that lie in two zones, such as Texas and Florida, settle nothing. */
function zoneOfAddress(country?: string | null, region?: string | null): string | undefined {
  const code = country?.toUpperCase();
  if (code === 'US') return inside(states, region);
  if (code === 'CA') return inside(provinces, region);
  return code ? countries[code] : undefined;
}

function inside(table: Record<string, string>, region?: string | null): string | undefined {
  const code = region?.trim().toUpperCase();
  if (!code) return undefined;
  return Object.keys(table).find((zone) => table[zone]!.split(' ').includes(code));
}
