import { dirname, join, resolve } from 'node:path';
import { findRunning } from './find.ts';
import { keepPorts, keptPorts, type Secrets } from './keepsakes.ts';
import { end, freePort, isListening } from './process.ts';
import { answers, adoptedPostgres, type Postgres, startPostgres } from './postgres.ts';
import { dataWithin } from './shelter.ts';
import { adoptedTemporal, startTemporal, stateFile, type Temporal } from './temporal.ts';
import { temporalProgram } from './temporal-program.ts';

export type Say = (line: string) => void;

/** The PostgreSQL of a data folder: the one that an earlier run left behind, or a new one on the port it always had. */
export async function embeddedPostgres(
  folder: string,
  { postgresPassword: password }: Secrets,
  say: Say,
): Promise<Postgres> {
  const wanted = resolve(folder, 'postgres');
  const data = await dataWithin(wanted);
  if (data !== wanted)
    say(
      `PostgreSQL cannot run as root, and the user nobody cannot enter ${dirname(wanted)}: its data is in ${data}.`,
    );
  const [found] = findRunning('-D', data);
  if (found) {
    const port = Number(found.words.find((word) => word.startsWith('port='))?.slice(5));
    const adopted = adoptedPostgres({ ...found, port, data }, password);
    if (await answers(adopted.url)) {
      say(`PostgreSQL still ran on port ${port} and is adopted.`);
      return adopted;
    }
    await adopted.stop();
  }
  const port = await keptPort(folder, 'postgres', say);
  // Room for the pools of API and worker, a migration and a person with psql.
  const postgres = await startPostgres(data, { password, port, options: { max_connections: 200 } });
  if (await answers(postgres.url)) return postgres;
  await postgres.stop();
  throw new Error(
    `The database in ${data} does not take the password in ${join(folder, 'secrets.json')}. Put back the file that it was made with, or move the database away (mv ${data} ${data}.old) and start with an empty one.`,
  );
}

/** The same for Temporal. */
export async function embeddedTemporal(folder: string, say: Say): Promise<Temporal> {
  const home = resolve(folder);
  const program = await temporalProgram(join(home, 'bin'), say);
  const file = stateFile(home, program.version);
  for (const found of findRunning('start-dev', '--db-filename')) {
    const state = found.words[found.words.indexOf('--db-filename') + 1] ?? '';
    const port = Number(found.words[found.words.indexOf('--port') + 1]);
    if (state === file && (await isListening(port))) {
      say(`Temporal still ran on port ${port} and is adopted.`);
      return adoptedTemporal({ ...found, port });
    }
    // One that hangs, or whose version is no longer ours.
    if (state.startsWith(join(home, 'temporal-'))) await end(found, 'SIGINT', 20);
  }
  return startTemporal(home, program, await keptPort(folder, 'temporal', say));
}

async function keptPort(folder: string, part: 'postgres' | 'temporal', say: Say): Promise<number> {
  const kept = keptPorts(folder)[part];
  if (kept && !(await isListening(kept))) return kept;
  const port = await freePort();
  if (kept) say(`Another program has taken port ${kept}, so ${part} moves to ${port}.`);
  keepPorts(folder, { ...keptPorts(folder), [part]: port });
  return port;
}
