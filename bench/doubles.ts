import { setTimeout as pause } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import { doublesOf } from '#db/duplicates.ts';
import type { DB } from '#db/schema.ts';
import { inWorkspace } from '#db/scope.ts';
import type { DuplicateScan } from '#domain/duplicate.ts';
import { loadDuplicates } from '#rules/duplicates.ts';
import { openAccount } from '#tests/account.ts';
import { raiseHouse } from '#tests/house.ts';
import { asMs, percentile, type Row } from './table.ts';

const CONTACTS = 100_000;
/** One in fifty of them is there twice. */
const DOUBLES = CONTACTS / 50;
const ASKED = 300;

/** How long it takes to find the double of one among a hundred thousand, and all doubles of all of them. */
export async function measure(folder: string): Promise<Row[]> {
  const house = await raiseHouse(folder);
  const account = await openAccount(house.url);
  const { workspaceId } = account;
  await fillPeople(house.db, workspaceId);

  const who = { workspaceId, actor: 'bench' };
  const settings = loadDuplicates();
  const { rows } = await sql<{ id: string }>`
    select id from contacts where workspace_id = ${workspaceId} order by md5(id::text) limit ${ASKED}`.execute(
    house.db,
  );
  const times: number[] = [];
  for (const { id } of rows) {
    const began = performance.now();
    await inWorkspace(house.db, who, (scope) => doublesOf(scope, 'contact', id, settings));
    times.push(performance.now() - began);
  }

  const began = performance.now();
  await account.call('POST', '/api/duplicates/scan', { record: 'contact' });
  let scan: DuplicateScan | null;
  let said = 0;
  do {
    await pause(1000);
    const before: number = said;
    ({ scan } = await account.call<{ scan: DuplicateScan | null }>('GET', '/api/duplicates/scan'));
    said = scan?.done ?? 0;
    if (said !== before) console.log(`  ${said} of ${scan?.total} compared, ${scan?.found} found`);
  } while (scan?.status === 'running');
  const seconds = (performance.now() - began) / 1000;
  const found = await planted(house.db, workspaceId);
  await house.stop();

  const one = percentile(times.slice(20), 0.99);
  return [
    {
      what: `duplicates of one contact among ${CONTACTS.toLocaleString('en')}`,
      ours: `p99 ${asMs(one)}, median ${asMs(percentile(times.slice(20), 0.5))}`,
      must: 'p99 ≤ 10 ms',
      holds: one <= 10,
    },
    {
      what: `duplicates among all ${CONTACTS.toLocaleString('en')} contacts, ${DOUBLES} of them planted`,
      ours: `${Math.round(seconds)} s, ${((100 * found) / DOUBLES).toFixed(1)} % of them found`,
      must: '≤ 300 s, ≥ 90 %',
      holds: scan?.status === 'done' && seconds <= 300 && found / DOUBLES >= 0.9,
    },
  ];
}

const first =
  `Ada Grace Ruth Omar Dana Lena Ivan Noor Tess Hugo Mara Emil Rosa Otis Vera Amir Zoe Karl Nina Joel
  Ines Levi Maya Theo Cora Finn Elsa Luis Anya Raul`.split(/\s+/);
const begin =
  `Bar Cal Dor Fen Gar Hol Jan Kel Lam Mor Nor Pel Quin Ros Sal Tor Ul Var Wes Yar Zan Brin Crow Drake
  Frost Grim Hart Keen Lock Marsh`.split(/\s+/);
const end = `ley ton man ski berg son wick field ford sen ner der by ham well stone ridge more land dale`;

/** Made-up people of 600 surnames at 20,000 firms; each fiftieth is there again, with a slip in the name. */
async function fillPeople(db: Kysely<DB>, workspaceId: string): Promise<void> {
  const last = begin.flatMap((one) => end.split(' ').map((other) => `${one}${other}`));
  await sql`
    with firm as (
      insert into companies (workspace_id, name, name_normalized, domain)
      select ${workspaceId}::uuid, 'Firm ' || n, 'firm ' || n, 'firm-' || n || '.example'
      from generate_series(1, ${CONTACTS / 5}::int) n returning id, name),
    numbered as (select id, split_part(name, ' ', 2)::int as place from firm),
    person as (
      select n, (${first}::text[])[1 + abs(hashint8(n)) % ${first.length}] as first,
        (${last}::text[])[1 + abs(hashint8(n + 7)) % ${last.length}] as last, 1 + n % ${CONTACTS / 5} as firm, false as again
      from generate_series(1, ${CONTACTS - DOUBLES}::int) n),
    everyone as (
      select *, '+1212' || lpad((5550000 + n)::text, 7, '0') as phone, first || '.' || last || n || '@post.example' as email
      from person
      union all
      select n, first, left(last, 3) || substr(last, 5), firm, true,
        case when n % 2 = 0 then '+1212' || lpad((5550000 + n)::text, 7, '0') end, 'other' || n || '@mail.example'
      from person where n <= ${DOUBLES})
    insert into contacts (workspace_id, company_id, identity, first_name, last_name, name_normalized,
      email, email_normalized, phone, phone_e164, notes)
    select ${workspaceId}::uuid, numbered.id, 'e:' || lower(email), first, last, lower(first || ' ' || last),
      lower(email), lower(email), phone, phone, n || case when again then ' again' else '' end
    from everyone join numbered on numbered.place = everyone.firm`.execute(db);
  await sql`vacuum analyze`.execute(db);
}

async function planted(db: Kysely<DB>, workspaceId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from duplicates d
      join contacts a on a.workspace_id = d.workspace_id and a.id = d.first_id
      join contacts b on b.workspace_id = d.workspace_id and b.id = d.second_id
    where d.workspace_id = ${workspaceId} and split_part(a.notes, ' ', 1) = split_part(b.notes, ' ', 1)`.execute(
    db,
  );
  return rows[0]!.count;
}
