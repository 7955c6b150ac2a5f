import { connect } from '#db/client.ts';
import { refreshScores } from '#db/lead-scores.ts';
import { assessAll } from '#db/risks.ts';

/** Judges a workspace's deals or leads anew, and says how many, how long in milliseconds, and with how many MB at most. */
const [databaseUrl, workspaceId, what] = process.argv.slice(2);
const db = connect(databaseUrl!);
const one = { workspaceId: workspaceId!, now: new Date().toISOString() };
const began = performance.now();
const count =
  what === 'risk' ? (await assessAll(db, one)).assessed : (await refreshScores(db, one)).moved;
const took = performance.now() - began;
await db.destroy();
console.log(JSON.stringify({ count, took, memory: process.resourceUsage().maxRSS / 1024 }));
