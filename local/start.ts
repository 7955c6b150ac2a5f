import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { migrateAll } from '#db/migrate.ts';
import { environmentFor, readLocalEnv } from '#env.ts';
import { seedDemo } from './demo.ts';
import { inWords } from './sentences.ts';
import { supervise } from './supervise.ts';
import { buildUi } from './ui.ts';

const over = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => over.abort());
// Whoever reads our lines may leave; what runs stays.
process.stdout.on('error', () => undefined);

await run().catch((error: unknown) => {
  if (over.signal.aborted) return say('Stopped.');
  say(inWords(error));
  process.exitCode = 1;
});

async function run(): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const env = readLocalEnv();
  let demo: Awaited<ReturnType<typeof seedDemo>>;
  const stop = await supervise(
    {
      env,
      programs: [
        { name: 'API', file: 'api/server.ts', listens: true, environment: environmentFor },
        { name: 'Worker', file: 'worker/main.ts', listens: false, environment: environmentFor },
      ],
      async build() {
        if (await buildUi()) say('The pages are built.');
      },
      async prepare(settings) {
        const done = await migrateAll(settings['DATABASE_URL']!);
        if (done.length > 0) say(`The database is migrated: ${done.join(', ')}`);
        if (env.demo && !env.databaseUrl) demo = await seedDemo(settings);
      },
      say,
    },
    over.signal,
  );
  const asWhom = demo ? `, sign in as ${demo.email} with the password ${demo.password}` : '';
  say(`Throughline is at ${env.publicBaseUrl}${asWhom}`);
  if (!over.signal.aborted) await once(over.signal, 'abort');
  say('Stopping …');
  await stop();
  say('Stopped.');
}

function say(line: string): void {
  console.log(line);
}
