import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { createAuth } from '#db/auth.ts';
import { connect, patienceOfCalls } from '#db/client.ts';
import { openDoor } from '#db/door.ts';
import { forgetAnswers } from '#db/idempotency.ts';
import { readEnv } from '#env.ts';
import { blobsOf } from '#integrations/blobs/index.ts';
import { createOutbound } from '#integrations/http.ts';
import { createApp } from './app.ts';
import { startLive } from './live.ts';

const env = readEnv();
const log = pino({ name: 'api', level: env.logLevel });
const HOUR = 60 * 60 * 1000;
/** How long calls may take to finish when we are told to stop, in milliseconds. */
const GRACE = 20_000;
/** How long the servers we used may take to hear goodbye, in milliseconds. */
const FAREWELL = 2000;

const db = connect(env.databaseUrl, 20, patienceOfCalls);
// Lazily: whether Temporal is there is for /api/health to say.
const connection = Connection.lazy({
  address: env.temporalAddress,
  ...(env.temporalApiKey && { apiKey: env.temporalApiKey, tls: true }),
});
const auth = createAuth({
  connectionString: env.databaseUrl,
  secret: env.authSecret,
  baseURL: env.publicBaseUrl,
});
const door = openDoor(env.databaseUrl, env.encryptionKey);
const live = startLive(env.databaseUrl);
const app = createApp({
  ...{ db, auth, door, live, log },
  temporal: new Client({ connection, namespace: env.temporalNamespace }),
  blobs: blobsOf(env),
  outbound: createOutbound({ allow: env.outboundAllow }),
  encryptionKey: env.encryptionKey,
  cronSecret: env.cronSecret,
  publicBaseUrl: env.publicBaseUrl,
  sandbox: env.sandbox,
  mail: env.mail,
  now: () => new Date().toISOString(),
  addressOf: (request) => request.socket.remoteAddress ?? '127.0.0.1',
});

const server = app.listen(env.port, env.host);
server.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EADDRINUSE') {
    log.fatal(`Port ${env.port} is taken. Stop what uses it, or set PORT to another.`);
  } else log.fatal({ code: error.code }, 'The API cannot listen.');
  process.exit(1);
});
await once(server, 'listening');
log.info({ port: env.port }, 'The API is ready.');

const cleaning = setInterval(() => void forgetAnswers(db).catch(() => undefined), HOUR);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());

/** Takes no more calls, finishes those it has, and lets go of everything. */
async function stop(): Promise<void> {
  clearInterval(cleaning);
  const closed = once(server, 'close');
  server.close();
  // A browser keeps its connection after its last answer; nobody waits for that.
  const sweeping = setInterval(() => server.closeIdleConnections(), 100);
  setTimeout(() => server.closeAllConnections(), GRACE).unref();
  await live.stop();
  await closed;
  clearInterval(sweeping);
  const gone = [db.destroy(), auth.close(), door.close(), connection.close()];
  await Promise.race([Promise.allSettled(gone), pause(FAREWELL)]);
  log.info('The API has stopped.');
  // A server that is mute takes no goodbye, and its sockets would keep us here.
  process.exit(0);
}
