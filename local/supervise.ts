import { keptSecrets, holdAlone } from './keepsakes.ts';
import { keepUp, type Part, type Standing } from './keep-up.ts';
import { answers } from './postgres.ts';
import { isListening } from './process.ts';
import { endOldPrograms, type Program, programPart, refuseTakenPort } from './programs.ts';
import { embeddedPostgres, embeddedTemporal } from './servers.ts';

export interface LocalEnv {
  dataDir: string;
  host: string;
  port: number;
  publicBaseUrl: string;
  databaseUrl?: string | undefined;
  temporalAddress?: string | undefined;
  authSecret?: string | undefined;
  encryptionKey?: Buffer | undefined;
}

/** What a child must be told, by the names of env.ts. */
export type ChildSettings = Record<string, string>;

export interface Product {
  env: LocalEnv;
  /** What runs on the servers: the API, which listens, and the worker. */
  programs: Program[];
  /** What takes a while and needs nothing: the pages. */
  build(): Promise<unknown>;
  /** What the programs expect to find: tables, and somebody to sign in as. */
  prepare(settings: ChildSettings): Promise<unknown>;
  say(line: string): void;
}

/** Brings everything up, in the order in which it leans on each other, and keeps it up. Answers how to end it. */
export async function supervise(
  { env, programs, build, prepare, say }: Product,
  signal: AbortSignal,
): Promise<() => Promise<void>> {
  const release = await holdAlone(env.dataDir, env.publicBaseUrl);
  const layers: (() => Promise<void>)[][] = [];

  async function raise<S extends Standing>(layer: number, part: Part<S>): Promise<S> {
    const since = performance.now();
    const standing = await part.start();
    (layers[layer] ??= []).push(keepUp(part, standing, say));
    say(`${part.name} is up (${((performance.now() - since) / 1000).toFixed(1)} s).`);
    return standing;
  }

  async function stop(): Promise<void> {
    // What leans on others goes before them.
    for (const layer of layers.toReversed()) await Promise.all(layer?.map((end) => end()) ?? []);
    release();
  }

  async function start(): Promise<void> {
    await endOldPrograms(env.dataDir);
    await refuseTakenPort(env);
    const secrets = keptSecrets(env.dataDir);
    const [databaseUrl, temporalAddress] = await allOf([
      env.databaseUrl
        ? given(env.databaseUrl, answers, 'DATABASE_URL')
        : raise(0, {
            name: 'PostgreSQL',
            start: () => embeddedPostgres(env.dataDir, secrets, say),
          }).then(({ url }) => url),
      env.temporalAddress
        ? given(env.temporalAddress, isListeningAt, 'TEMPORAL_ADDRESS')
        : raise(1, {
            name: 'Temporal',
            start: () => embeddedTemporal(env.dataDir, say),
          }).then(({ address }) => address),
      build(),
    ]);
    signal.throwIfAborted();
    const settings = {
      ...{ HOST: env.host, PORT: String(env.port), PUBLIC_BASE_URL: env.publicBaseUrl },
      ...{ DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: temporalAddress },
      AUTH_SECRET: env.authSecret ?? secrets.authSecret,
      ENCRYPTION_KEY: env.encryptionKey?.toString('hex') ?? secrets.encryptionKey,
      TZ: 'UTC',
    };
    await prepare(settings);
    signal.throwIfAborted();
    await allOf(programs.map((program) => raise(2, programPart(program, env, settings))));
    signal.throwIfAborted();
  }

  await start().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return stop;
}

/** All answers, or the first problem once nothing is under way any more. */
async function allOf<T extends readonly unknown[]>(
  work: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

async function given(
  address: string,
  works: (address: string) => Promise<boolean>,
  name: string,
): Promise<string> {
  if (await works(address)) return address;
  throw new Error(
    `Nothing answers at ${name}. Start what should run there, or take ${name} away and an embedded one is used.`,
  );
}

function isListeningAt(address: string): Promise<boolean> {
  const [host, port] = address.split(':');
  return isListening(Number(port), host);
}
