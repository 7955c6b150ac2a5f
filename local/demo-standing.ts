import { type Kysely, sql } from 'kysely';
import type { DB } from '#db/schema.ts';
import { insertRows } from '#db/rows.ts';
import type { Scope } from '#db/scope.ts';
import { addTag } from '#db/taxonomies.ts';

const tags = [
  { slug: 'hot', label: 'Hot' },
  { slug: 'spring-show', label: 'Spring show' },
  { slug: 'asked-for-price', label: 'Asked for a price' },
];
/** What somebody means to do, and in how many hours. */
const plans: [lead: number, action: string, hours: number][] = [
  [9, 'Call about prices', 3],
  [13, 'Send the quote', 26],
  [18, 'Meet at their yard', 51],
  [20, 'Show the dual camera', 30],
  [24, 'Call back', -4],
  [27, 'Send the case study', 75],
  [30, 'Book the install', 98],
  [33, 'Call about prices', 122],
  [36, 'Check in', 146],
  [38, 'Call back', 5],
];
const todo: [lead: number, kind: 'call' | 'task', title: string, hours: number][] = [
  [9, 'call', 'Call about prices for the whole fleet', 3],
  [20, 'task', 'Prepare the demo of the dual camera', 6],
  [38, 'call', 'Call back: asked for the afternoon', 5],
];

/** Who owns which lead; the rep holds as many as they can, so a new one goes to whoever signs in. */
export async function giveOwners(
  { db }: Scope,
  leadIds: string[],
  [owner, rep]: string[],
): Promise<void> {
  const owners = leadIds.map((_, n) => (n % 3 === 2 ? rep! : owner!));
  await sql`update leads l set owner_id = n.owner, assigned_because = 'Given by hand'
    from unnest(${leadIds}::uuid[], ${owners}::text[]) n (id, owner) where l.id = n.id`.execute(db);
}

/** How far each lead has come, what is planned with it, and what is to be done today. */
export async function setStanding(scope: Scope, leadIds: string[]): Promise<void> {
  const { db, workspaceId } = scope;
  const statuses = leadIds.map((_, n) => statusOf(n));
  await sql`update leads l set status = n.status
    from unnest(${leadIds}::uuid[], ${statuses}::text[]) n (id, status) where l.id = n.id`.execute(
    db,
  );
  for (const [lead, action, hours] of plans)
    await sql`update leads set next_action = ${action}, next_action_at = now() + ${hours} * interval '1 hour'
      where id = ${leadIds[lead]!}`.execute(db);
  for (const [lead, kind, title, hours] of todo)
    await sql`insert into tasks (workspace_id, lead_id, kind, title, because, assignee_id, due_at, created_at)
      select workspace_id, id, ${kind}, ${title}, 'Planned by hand', owner_id, now() + ${hours} * interval '1 hour',
        now() - interval '1 day' from leads where id = ${leadIds[lead]!}`.execute(db);
  for (const tag of tags) await addTag(scope, tag);
  const worn = leadIds.flatMap((leadId, n) =>
    tags
      .filter((_, at) => n % (at + 4) === 0)
      .map(({ slug }) => ({ workspaceId, leadId, slug, appliedBy: 'demo' })),
  );
  await insertRows(scope, 'leadTags', worn, ['slug']);
  await sql`update members m set capacity =
    (select count(*) from leads l where l.owner_id = m.user_id and l.is_open) where role = 'rep'`.execute(
    db,
  );
}

/** Lets the leads have come over four weeks, the newest last; what happened stays in its order. */
export async function spreadOverWeeks(
  db: Kysely<DB>,
  workspaceId: string,
  leadIds: string[],
): Promise<void> {
  const ages = leadIds.map((_, n) => (leadIds.length - n) * 0.7);
  const rests = leadIds.map((_, n) => ages[n]! * (((n * 7) % 10) / 10));
  await sql`
    with spread as (
      select id, now() - age * interval '1 day' as came, now() - rest * interval '1 day' as moved
      from unnest(${leadIds}::uuid[], ${ages}::float[], ${rests}::float[]) n (id, age, rest)),
    heard as (
      select lead_id, max(at) as at from activities where kind <> 'lead_received' group by 1),
    told as (
      update activities a set at = came from spread
      where a.workspace_id = ${workspaceId} and a.lead_id = spread.id and a.kind = 'lead_received')
    update leads l set created_at = came, last_activity_at = coalesce(heard.at, moved),
      updated_at = coalesce(heard.at, moved)
    from spread left join heard on heard.lead_id = spread.id
    where l.workspace_id = ${workspaceId} and l.id = spread.id`.execute(db);
}

function statusOf(n: number): string {
  if (n < 9) return 'contacted';
  if ([13, 14, 18, 19, 20, 30].includes(n)) return 'qualified';
  if ([11, 16, 17, 23, 33].includes(n)) return 'unqualified';
  return [10, 12, 15, 24, 27, 36].includes(n) ? 'contacted' : 'new';
}
