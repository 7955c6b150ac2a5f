import { betterAuth, type BetterAuthOptions } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import type { PostgresPool } from 'kysely';
import pg from 'pg';
import { Refusal } from '#domain/refusal.ts';
import { poolOf } from './client.ts';

/** Someone who is signed in. */
export interface User {
  id: string;
  name: string;
  email: string;
}

/** Where the API says from which address a call came; nobody outside can set it. */
export const ADDRESS_HEADER = 'x-throughline-address';

interface Settings {
  connectionString: string;
  secret: string;
  baseURL: string;
}

export type Auth = ReturnType<typeof createAuth>;

/** Sign-up, sign-in and sessions, with their tables in a schema of their own. */
export function createAuth(settings: Settings) {
  const pool = poolOf({ ...settingsOf(settings.connectionString), ...PATIENCE });
  const auth = betterAuth(optionsOf(settings, pool));
  return {
    handler: auth.handler,
    /** Whose session the cookie names, if it is alive. */
    async userOf(headers: Headers): Promise<User | undefined> {
      const how = { headers, query: { disableRefresh: true } };
      // It names no cause; and a cookie, whatever it is, is no cause.
      const found = await auth.api.getSession(how).catch(() => {
        throw new Refusal('unavailable', 'We cannot see who you are at the moment.');
      });
      if (!found) return undefined;
      const { id, name, email } = found.user;
      return { id, name, email: email.toLowerCase() };
    },
    close: () => pool.end(),
  };
}

/** Makes or changes the tables of sign-in. Done twice, it changes nothing. */
export async function migrateAuth(connectionString: string): Promise<void> {
  const pool = new pg.Pool(settingsOf(connectionString));
  try {
    await pool.query('create schema if not exists auth');
    const settings = { connectionString, secret: 'm'.repeat(32), baseURL: 'http://localhost' };
    const { runMigrations } = await getMigrations(optionsOf(settings, pool));
    await runMigrations();
  } finally {
    await pool.end();
  }
}

/** How long Postgres may take to be there, and to answer, in milliseconds. */
const PATIENCE = { connectionTimeoutMillis: 1500, query_timeout: 5000 };

function settingsOf(connectionString: string): pg.PoolConfig {
  return { connectionString, max: 5, options: '-c search_path=auth' };
}

const DAY = 24 * 60 * 60;

function optionsOf({ secret, baseURL }: Settings, database: PostgresPool) {
  const secure = baseURL.startsWith('https://');
  return {
    ...{ appName: 'Throughline', secret, baseURL, database },
    logger: { level: 'error', log: () => undefined },
    emailAndPassword: { enabled: true, minPasswordLength: 10, maxPasswordLength: 128 },
    session: { expiresIn: 7 * DAY, cookieCache: { enabled: false } },
    // In the database, so that it holds over all processes; enabled, so that it holds in every environment.
    rateLimit: {
      ...{ enabled: true, storage: 'database', window: 10, max: 100 },
      customRules: { '/sign-in/*': { window: 10, max: 3 } },
    },
    telemetry: { enabled: false },
    advanced: {
      database: { generateId: () => crypto.randomUUID() },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      // The API holds every change to its own origin before it comes here; see api/origin.ts.
      disableCSRFCheck: true,
      // Said so because it would be off under test.
      disableOriginCheck: false,
      useSecureCookies: false,
      cookies: {
        session_token: {
          name: secure ? '__Host-throughline' : 'throughline',
          attributes: { httpOnly: true, sameSite: 'lax', path: '/', secure },
        },
      },
    },
  } satisfies BetterAuthOptions;
}
