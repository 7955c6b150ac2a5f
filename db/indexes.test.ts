import { sql } from 'kysely';
import { expect } from 'vitest';
import { test } from '#tests/db.ts';

test('leads are indexed by what lists filter and sort them by, and what happened by its lead, in each workspace', async ({
  db,
}) => {
  const { rows } = await sql<{ columns: string }>`
    select c.relname || ': ' || string_agg(a.attname, ', ' order by k.at) as columns
    from pg_index i join pg_class c on c.oid = i.indrelid
      cross join unnest(i.indkey::int2[]) with ordinality k (column_number, at)
      join pg_attribute a on a.attrelid = c.oid and a.attnum = k.column_number
    where c.relnamespace = 'public'::regnamespace and i.indpred is null
    group by i.indexrelid, c.relname`.execute(db);
  const beginnings = rows.map(({ columns }) => columns);
  const wanted = [
    ...['status', 'owner_id', 'source', 'score', 'next_action_at', 'updated_at', 'contact_id'].map(
      (column) => `leads: workspace_id, ${column}`,
    ),
    ...['activities', 'touches', 'messages', 'enrolments', 'tasks'].map(
      (table) => `${table}: workspace_id, lead_id`,
    ),
    ...['touches: workspace_id, state', 'notifications: workspace_id, user_id'],
    'lead_scores: workspace_id, lead_id',
  ];
  const missing = wanted.filter((one) => !beginnings.some((columns) => columns.startsWith(one)));
  expect(missing).toEqual([]);
});
