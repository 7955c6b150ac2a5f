import {
  equal,
  type Found,
  type Likeness,
  near,
  profile,
  squeeze,
  type Table,
  weigh,
} from './duplicate.ts';
import { companyKey } from './identity.ts';
import { isOneSlip, jaroWinkler } from './similarity.ts';

/** What is compared of a firm. Domain in lower case, phone in E.164, country as ISO 3166 alpha-2. */
export interface Firm {
  name?: string | null;
  domain?: string | null;
  placeId?: string | null;
  phone?: string | null;
  linkedin?: string | null;
  line1?: string | null;
  city?: string | null;
  region?: string | null;
  postalCode?: string | null;
  country?: string | null;
}

/** How likely two firms are one, with what speaks for it and against it. Symmetric. */
export function likenessOfFirms(table: Table, one: Firm, other: Firm): Likeness {
  return weigh(table, [
    equal('domain', 'domain', one.domain, other.domain),
    equal('placeId', 'place', one.placeId, other.placeId),
    name(companyKey(one.name ?? '') ?? '', companyKey(other.name ?? '') ?? ''),
    equal('phone', 'phone', one.phone, other.phone),
    equal('linkedin', 'LinkedIn page', profile(one.linkedin), profile(other.linkedin)),
    near('street', 'street', squeeze(one.line1), squeeze(other.line1)),
    near('city', 'city', squeeze(one.city), squeeze(other.city)),
    near('postalCode', 'postal code', squeeze(one.postalCode), squeeze(other.postalCode), true),
    equal('region', 'state', squeeze(one.region), squeeze(other.region)),
    equal('country', 'country', one.country, other.country),
  ]);
}

/** `one` and `other` are keys: lower case words without legal forms. Their order says little. */
function name(one: string, other: string): Found | undefined {
  if (!one || !other) return undefined;
  const field = 'name';
  if (one === other) return { field, level: 'same', says: 'the same name' };
  const [few, many] = [one.split(' '), other.split(' ')].toSorted((a, b) => a.length - b.length);
  const within = few!.length > 1 && few!.every((word) => many!.includes(word));
  const [sorted, theirs] = [one, other].map((key) => key.split(' ').toSorted().join(''));
  if (within || isOneSlip(sorted!, theirs!) || jaroWinkler(sorted!, theirs!) >= 0.95) {
    return { field, level: 'alike', says: 'nearly the same name' };
  }
  if (jaroWinkler(sorted!, theirs!) >= 0.88 || few![0] === many![0]) {
    return { field, level: 'sounds', says: 'a similar name' };
  }
  return { field, level: 'differs', says: 'another name' };
}
