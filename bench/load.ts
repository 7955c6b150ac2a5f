import { createHmac, randomUUID } from 'node:crypto';
import { Pool } from 'undici';

/**
 * Knocks at a door from 50 connections for some seconds with signed events, none of which was there before.
 * A process of its own: `node bench/load.ts <origin> <path> <secret> <seconds>`; prints {count, failed, times}.
 */
const [origin = '', path = '', secret = '', seconds = '4'] = process.argv.slice(2);
const pool = new Pool(origin, { connections: 50, pipelining: 1 });
const filler = 'x'.repeat(600);
const until = performance.now() + Number(seconds) * 1000;
const times: number[] = [];
let failed = 0;

async function knock(): Promise<void> {
  while (performance.now() < until) {
    const id = randomUUID();
    const body = JSON.stringify({
      id,
      email: `${id}@load.example`,
      firstName: 'Ada',
      notes: filler,
    });
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'x-webhook-signature': createHmac('sha256', secret).update(body).digest('hex'),
    };
    const began = performance.now();
    const answer = await pool.request({ method: 'POST', path, body, headers });
    await answer.body.dump();
    if (answer.statusCode >= 300) failed += 1;
    times.push(performance.now() - began);
  }
}

const began = performance.now();
await Promise.all(Array.from({ length: 50 }, knock));
const took = performance.now() - began;
await pool.close();
const sorted = times.toSorted((a, b) => a - b);
const p99 = sorted[Math.floor(sorted.length * 0.99)];
console.log(JSON.stringify({ count: times.length - failed, failed, took, p99 }));
