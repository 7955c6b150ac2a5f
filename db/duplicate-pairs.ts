import { sql } from 'kysely';
import { type Firm, likenessOfFirms } from '#domain/duplicate-company.ts';
import { likenessOfPeople, type Person } from '#domain/duplicate-person.ts';
import type { DuplicateSettings, Likeness, Mergeable } from '#domain/duplicate.ts';
import type { Scope } from './scope.ts';

export interface Pair extends Likeness {
  firstId: string;
  secondId: string;
}

/** Those that share something and are alike enough to ask a person; `later` looks only at what was made after each. */
export async function likelyPairs(
  scope: Scope,
  record: Mergeable,
  ids: string[],
  { settings, later = false }: { settings: DuplicateSettings; later?: boolean },
): Promise<Pair[]> {
  const pairs = await (record === 'contact' ? peopleBeside : firmsBeside)(scope, ids, later);
  const all = [...new Set(pairs.flatMap(({ firstId, secondId }) => [firstId, secondId]))];
  const likeness = await (record === 'contact' ? amongPeople : amongFirms)(scope, all, settings);
  return pairs.flatMap((pair) => {
    const found = likeness(pair.firstId, pair.secondId);
    return found.score >= settings.threshold ? [{ ...pair, ...found }] : [];
  });
}

interface Ids {
  firstId: string;
  secondId: string;
}

/** What very many share says nothing; each is compared with so many of them. */
const MOST = 100;

async function peopleBeside({ db }: Scope, ids: string[], later: boolean): Promise<Ids[]> {
  const { rows } = await sql<Ids>`
    select distinct least(a.id, b.id) as first_id, greatest(a.id, b.id) as second_id
    from contacts a cross join lateral (
      ${beside('contacts', 'sound', later)} union all ${beside('contacts', 'mailbox', later)}
      union all ${beside('contacts', 'phone_e164', later)}
      union all ${beside('contacts', 'company_id', later)}) b
    where a.id = any(${ids}::uuid[]) and a.merged_into is null and a.deleted_at is null`.execute(
    db,
  );
  return rows;
}

async function firmsBeside({ db }: Scope, ids: string[], later: boolean): Promise<Ids[]> {
  const { rows } = await sql<Ids>`
    select distinct least(a.id, b.id) as first_id, greatest(a.id, b.id) as second_id
    from companies a cross join lateral (
      ${beside('companies', 'domain', later)} union all ${beside('companies', 'opening', later)}
      union all ${beside('companies', 'phone_e164', later)}) b
    where a.id = any(${ids}::uuid[]) and a.merged_into is null and a.deleted_at is null`.execute(
    db,
  );
  return rows;
}

function beside(table: 'contacts' | 'companies', column: string, later: boolean) {
  const value = sql.ref(`b.${column}`);
  return sql`(select b.id from ${sql.table(table)} b
    where ${value} = ${sql.ref(`a.${column}`)} and ${later ? sql`b.id > a.id` : sql`b.id <> a.id`}
      and b.merged_into is null and b.deleted_at is null limit ${MOST})`;
}

type Judge = (one: string, other: string) => Likeness;

async function amongPeople(
  { db }: Scope,
  ids: string[],
  settings: DuplicateSettings,
): Promise<Judge> {
  const { rows } = await sql<Person & { id: string; fields: object }>`
    select c.id, c.first_name, c.last_name, c.email_normalized as email, c.phone_e164 as phone, c.linkedin,
      c.company_id, co.domain, c.city, c.region, c.fields
    from contacts c left join companies co on co.id = c.company_id
    where c.id = any(${ids}::uuid[])`.execute(db);
  const known = new Map(rows.map(({ id, fields, ...row }) => [id, { ...row, ...own(fields) }]));
  return (one, other) => likenessOfPeople(settings.contact, known.get(one)!, known.get(other)!);
}

async function amongFirms(
  { db }: Scope,
  ids: string[],
  settings: DuplicateSettings,
): Promise<Judge> {
  const { rows } = await sql<Firm & { id: string }>`
    select id, name, domain, place_id, coalesce(phone_e164, phone) as phone, linkedin, line1, city, region,
      postal_code, country
    from companies where id = any(${ids}::uuid[])`.execute(db);
  const known = new Map(rows.map(({ id, ...row }) => [id, row]));
  return (one, other) => likenessOfFirms(settings.company, known.get(one)!, known.get(other)!);
}

const names: [keyof Person, RegExp][] = [
  ['birthDate', /^(birth_?da(te|y)|date_?of_?birth|dob)$/i],
  ['externalId', /^((external|customer|account|member)_?(id|no|number))$/i],
  ['street', /^(street|address(_?1)?|line_?1)$/i],
  ['postalCode', /^(postal_?code|post_?code|zip(_?code)?)$/i],
];

/** What a workspace keeps of a person in fields of its own, where their names say what they are. */
function own(fields: object): Partial<Person> {
  const found: Partial<Person> = {};
  for (const [name, value] of Object.entries(fields)) {
    const [field] = names.find(([, pattern]) => pattern.test(name)) ?? [];
    if (field && (typeof value === 'string' || typeof value === 'number')) {
      found[field] ??= String(value);
    }
  }
  return found;
}
