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
import { isOneSlip, jaroWinkler, soundex } from './similarity.ts';

/** What is compared of a person. Addresses in lower case, phones in E.164, birth date as `YYYY-MM-DD`. */
export interface Person {
  firstName?: string | null;
  lastName?: string | null;
  email?: string | null;
  phone?: string | null;
  linkedin?: string | null;
  /** The key of the firm they work for, and where its mail is. */
  companyId?: string | null;
  domain?: string | null;
  street?: string | null;
  locality?: string | null;
  city?: string | null;
  postalCode?: string | null;
  region?: string | null;
  birthDate?: string | null;
  /** What they are called in another system. */
  externalId?: string | null;
}

/** How likely two people are one, with what speaks for it and against it. Symmetric. */
export function likenessOfPeople(table: Table, one: Person, other: Person): Likeness {
  return weigh(table, [
    email(one.email, other.email),
    equal('phone', 'phone', one.phone, other.phone),
    ...names(one, other),
    company(one, other),
    birthDate(one.birthDate, other.birthDate),
    externalId(one.externalId, other.externalId),
    equal('linkedin', 'LinkedIn page', profile(one.linkedin), profile(other.linkedin)),
    ...places(one, other),
  ]);
}

/** What one and the same person shares with a copy that holds errors: who has none in common is not compared. */
export function keysOfPerson(person: Person): string[] {
  const first = soundex(person.firstName ?? '');
  const last = soundex(person.lastName ?? '');
  const name = first && last && [first, last].toSorted().join('');
  const number = numberOf(person.street);
  const code = squeeze(person.postalCode);
  const street = soundex((person.street ?? '').replace(/^\s*\d+\w*/, ''));
  const keys = {
    name,
    email: person.email && mailbox(person.email),
    phone: person.phone,
    linkedin: profile(person.linkedin),
    number: person.externalId,
    born: person.birthDate,
    door: code && number && `${code}|${number}`,
    street: code && street && `${code}|${street}`,
    home: code && last && `${code}|${last}`,
  };
  return Object.entries(keys).flatMap(([kind, key]) => (key ? [`${kind}:${key}`] : []));
}

/** The part before the @ without dots and what follows a plus: how one box is written in several ways. */
export function mailbox(email: string): string {
  return email.split('@')[0]!.split('+')[0]!.replaceAll('.', '');
}

type Text = string | null | undefined;

function email(one: Text, other: Text): Found | undefined {
  if (!one || !other) return undefined;
  const field = 'email';
  if (one === other) return { field, level: 'same', says: 'the same address' };
  const sameBox = mailbox(one) === mailbox(other);
  if (sameBox && hostOf(one) === hostOf(other)) {
    return { field, level: 'alias', says: 'two spellings of one mailbox' };
  }
  if (sameBox && mailbox(one).length > 4) {
    return { field, level: 'user', says: 'the same name before the @' };
  }
  if (isOneSlip(one, other)) return { field, level: 'slip', says: 'addresses one letter apart' };
  return { field, level: 'differs', says: 'two addresses' };
}

/** First and last name each, or crossed when somebody entered them in each other's place. */
function names(one: Person, other: Person): (Found | undefined)[] {
  const [first, last] = [squeeze(one.firstName), squeeze(one.lastName)];
  const [theirFirst, theirLast] = [squeeze(other.firstName), squeeze(other.lastName)];
  const straight = jaroWinkler(first, theirFirst) + jaroWinkler(last, theirLast);
  const crossed = jaroWinkler(first, theirLast) + jaroWinkler(last, theirFirst);
  if (first && last && theirFirst && theirLast && crossed > straight && crossed > 1.8) {
    return [{ field: 'lastName', level: 'crossed', says: 'first and last name are swapped' }];
  }
  return [word('firstName', first, theirFirst), word('lastName', last, theirLast)];
}

const spoken: Record<string, string> = { firstName: 'first name', lastName: 'last name' };

function word(field: string, one: string, other: string): Found | undefined {
  if (!one || !other) return undefined;
  const says = spoken[field] ?? field;
  if (one === other) return { field, level: 'same', says: `the same ${says}` };
  const alike = jaroWinkler(one, other);
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  if (alike >= 0.92 || isOneSlip(one, other)) {
    return { field, level: 'alike', says: `nearly the same ${says}` };
  }
  if (field === 'firstName' && long.startsWith(short)) {
    return { field, level: 'short', says: 'one first name is the beginning of the other' };
  }
  if (alike >= 0.8 || soundex(one) === soundex(other)) {
    return { field, level: 'sounds', says: `${says}s that sound alike` };
  }
  return { field, level: 'differs', says: `another ${says}` };
}

function company(one: Person, other: Person): Found | undefined {
  const field = 'company';
  if (one.companyId && one.companyId === other.companyId) {
    return { field, level: 'same', says: 'the same company' };
  }
  if (one.domain && one.domain === other.domain) {
    return { field, level: 'same', says: 'the same domain' };
  }
  if (!one.companyId || !other.companyId) return undefined;
  return { field, level: 'differs', says: 'another company' };
}

function birthDate(one: Text, other: Text): Found | undefined {
  if (!one || !other) return undefined;
  const field = 'birthDate';
  if (one === other) return { field, level: 'same', says: 'born the same day' };
  const [plain, theirs] = [one.replace(/\D/g, ''), other.replace(/\D/g, '')];
  const turned = `${plain.slice(0, 4)}${plain.slice(6)}${plain.slice(4, 6)}`;
  if (turned === theirs || isOneSlip(plain, theirs)) {
    return { field, level: 'slip', says: 'birth dates one slip apart' };
  }
  return { field, level: 'differs', says: 'born on another day' };
}

function externalId(one: Text, other: Text): Found | undefined {
  if (!one || !other) return undefined;
  const field = 'externalId';
  if (one === other) return { field, level: 'same', says: 'the same number elsewhere' };
  if (one.length > 5 && isOneSlip(one, other)) {
    return { field, level: 'slip', says: 'numbers one slip apart' };
  }
  return { field, level: 'differs', says: 'another number elsewhere' };
}

/** Streets and quarters are entered in each other's place as well. */
function places(one: Person, other: Person): (Found | undefined)[] {
  const [number, theirNumber] = [numberOf(one.street), numberOf(other.street)];
  const [street, theirs] = [streetOf(one.street), streetOf(other.street)];
  const [quarter, theirQuarter] = [squeeze(one.locality), squeeze(other.locality)];
  const crossed = Math.max(jaroWinkler(street, theirQuarter), jaroWinkler(quarter, theirs)) > 0.92;
  const both = street && theirs;
  return [
    equal('houseNumber', 'house number', number, theirNumber),
    both && crossed
      ? { field: 'street', level: 'same', says: 'the same street' }
      : near('street', 'street', street, theirs),
    crossed ? undefined : near('locality', 'quarter', quarter, theirQuarter),
    near('city', 'city', squeeze(one.city), squeeze(other.city)),
    near('postalCode', 'postal code', squeeze(one.postalCode), squeeze(other.postalCode), true),
    near('region', 'state', squeeze(one.region), squeeze(other.region)),
  ];
}

function numberOf(street: Text): string {
  return /^\s*(\d+\w*)/.exec(street ?? '')?.[1] ?? '';
}

function streetOf(street: Text): string {
  return squeeze((street ?? '').replace(/^\s*\d+\w*/, ''));
}

function hostOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1);
}
