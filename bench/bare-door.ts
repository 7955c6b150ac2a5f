import express from 'express';
import pg from 'pg';

/** What people would write instead: Express and pg, one insert, no signature, no duplicates, no promise. */
const [connectionString, port] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString, max: 10 });
await pool.query(
  'create table if not exists bare_door (id bigserial primary key, body bytea not null)',
);
const app = express();
app.post('/bare', express.raw({ type: '*/*', limit: '10mb' }), async (request, response) => {
  await pool.query('insert into bare_door (body) values ($1)', [request.body]);
  response.json({ ok: true });
});
app.listen(Number(port), '127.0.0.1', () => console.log('ready'));
