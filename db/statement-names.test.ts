import { sql } from 'kysely';
import { expect, inject } from 'vitest';
import { test } from '#tests/db.ts';
import { connect } from './client.ts';
import { statementNames } from './statement-names.ts';

test('a statement that comes again and again is named once, and others are not', () => {
  const nameOf = statementNames(3, 2);
  expect(['a', 'a', 'b', 'a', 'a'].map(nameOf)).toEqual([
    undefined,
    undefined,
    undefined,
    'often_1',
    'often_1',
  ]);
  expect(['b', 'b', 'c', 'c', 'c'].map(nameOf)).toEqual([
    undefined,
    'often_2',
    undefined,
    undefined,
    undefined,
  ]);
});

test('a statement that was prepared before a table changed is asked anew on a fresh connection', async () => {
  const db = connect(inject('databaseUrl'), 1, { nameOf: statementNames(1) });
  const table = sql.table(`changing_${crypto.randomUUID().replaceAll('-', '')}`);
  await sql`create table ${table} (a int)`.execute(db);
  await read();
  const { rows: prepared } = await sql`select name from pg_prepared_statements`.execute(db);
  expect(prepared).toEqual([{ name: 'often_1' }]);
  await sql`alter table ${table} add column b int`.execute(db);
  await expect(read()).rejects.toThrow('cached plan must not change result type');
  await sql`insert into ${table} values (1, 2)`.execute(db);
  expect((await read()).rows).toEqual([{ a: 1, b: 2 }]);
  await sql`drop table ${table}`.execute(db);
  await db.destroy();

  function read() {
    return sql`select * from ${table} where a >= ${0}`.execute(db);
  }
});
