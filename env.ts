import { isIP } from 'node:net';
import { z } from 'zod';
import { Refusal } from '#domain/refusal.ts';

/** One setting: where it stands in the environment, and what it may be. */
const address = z.url({ protocol: /^https?$/ });
const secret = z.string().min(32, 'must have at least 32 characters');
const hostAndPort = z.string().regex(/^[^\s:/]+:\d+$/, 'must be host:port');
const postgresUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\/\S+$/, 'must begin with postgres:// or postgresql://');

/** Every setting of the product, by its name in the environment. */
export const settings = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(1).max(65535).default(3000),
  PUBLIC_BASE_URL: address.transform((url) => url.replace(/\/+$/, '')).optional(),
  DATA_DIR: z.string().default('.data'),
  DATABASE_URL: postgresUrl.optional(),
  TEMPORAL_ADDRESS: hostAndPort.optional(),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  TEMPORAL_API_KEY: z.string().optional(),
  OUTBOUND_ALLOW: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((one) => one.trim() || []))
    .refine((all) => all.every(isHostOrRange), 'must be addresses, ranges (10.0.0.0/8) or hosts'),
  AUTH_SECRET: secret.optional(),
  ENCRYPTION_KEY: z
    .string()
    .transform(asKey)
    .refine((key) => key.length === 32, 'must be 32 bytes as 64 hex digits or base64')
    .optional(),
  CRON_SECRET: secret.optional(),
  RESEND_API_KEY: z.string().optional(),
  RESEND_FROM: z.email().optional(),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/\S+$/, 'must begin with smtp:// or smtps://')
    .optional(),
  SMTP_FROM: z.email().optional(),
  SMS_GATEWAY_URL: address.optional(),
  SMS_GATEWAY_USERNAME: z.string().optional(),
  SMS_GATEWAY_PASSWORD: z.string().optional(),
  S3_ENDPOINT: address.optional(),
  S3_BUCKET: z.string().optional(),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  S3_REGION: z.string().default('us-east-1'),
});

type Settings = z.infer<typeof settings>;
type Name = keyof Settings;

export type Env = ReturnType<typeof shaped>;
/** What the API and the worker need: nothing may be missing. */
export type ServiceEnv = Env & {
  [K in 'databaseUrl' | 'temporalAddress' | 'authSecret' | 'encryptionKey']-?: NonNullable<Env[K]>;
};

const always: Name[] = ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'AUTH_SECRET', 'ENCRYPTION_KEY'];
const inProduction: Name[] = [...always, 'PUBLIC_BASE_URL'];
/** Of each group, all or none. */
const groups: Name[][] = [
  ['RESEND_API_KEY', 'RESEND_FROM'],
  ['SMTP_URL', 'SMTP_FROM'],
  ['SMS_GATEWAY_URL', 'SMS_GATEWAY_USERNAME', 'SMS_GATEWAY_PASSWORD'],
  ['S3_ENDPOINT', 'S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'],
];

/** The settings of the API and of the worker; a refusal that lists everything that is wrong. */
export function readEnv(given: NodeJS.ProcessEnv = process.env): ServiceEnv {
  return read(given, always) as ServiceEnv;
}

/** The settings of what makes for itself what development needs and nobody gave; in production everything is needed. */
export function readLocalEnv(given: NodeJS.ProcessEnv = process.env): Env {
  return read(given, []);
}

/** The settings of what changes the database only. */
export function readDatabaseEnv(given: NodeJS.ProcessEnv = process.env): { databaseUrl: string } {
  // Even in production: a migration needs no more than the database.
  const { databaseUrl } = read({ ...given, NODE_ENV: 'development' }, ['DATABASE_URL']);
  return { databaseUrl: databaseUrl! };
}

/** What a program that we start finds in its environment. */
export function environmentFor(changed: Partial<Record<Name | 'TZ', string>>): NodeJS.ProcessEnv {
  return { ...process.env, ...changed };
}

function read(given: NodeJS.ProcessEnv, needed: Name[]): Env {
  // `NAME=` in a file means that it is not given.
  const filled = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
  const parsed = settings.safeParse(filled);
  const needs = filled['NODE_ENV'] === 'production' ? inProduction : needed;
  const missing = needs.filter((name) => filled[name] === undefined);
  const halves = groups.filter((group) => group.some((name) => filled[name]));
  const absent = halves.flatMap((group) => group.filter((name) => !filled[name]));
  const faults = [
    ...(parsed.error?.issues ?? []).map((issue) => ({
      field: issue.path.join('.'),
      message: issue.message,
    })),
    ...missing.map((field) => ({ field, message: 'is missing' })),
    ...absent.map((field) => ({ field, message: 'is missing beside its siblings' })),
  ];
  if (faults.length > 0 || !parsed.data) {
    const list = faults.map(({ field, message }) => `\n- ${field}: ${message}`).join('');
    throw new Refusal('invalid', `These settings keep Throughline from starting:${list}`, faults);
  }
  return shaped(parsed.data);
}

function shaped(given: Settings) {
  const production = given.NODE_ENV === 'production';
  const host = /^(127\.|0\.0\.0\.0$|::1?$)/.test(given.HOST) ? 'localhost' : given.HOST;
  return {
    production,
    /** Where messages can be read and answered inside the product, and made-up people live. */
    sandbox: !production,
    demo: !production,
    logLevel: given.LOG_LEVEL,
    host: given.HOST,
    port: given.PORT,
    publicBaseUrl: given.PUBLIC_BASE_URL ?? `http://${host}:${given.PORT}`,
    dataDir: given.DATA_DIR,
    databaseUrl: given.DATABASE_URL,
    temporalAddress: given.TEMPORAL_ADDRESS,
    temporalNamespace: given.TEMPORAL_NAMESPACE,
    temporalApiKey: given.TEMPORAL_API_KEY,
    outboundAllow: given.OUTBOUND_ALLOW,
    authSecret: given.AUTH_SECRET,
    encryptionKey: given.ENCRYPTION_KEY,
    cronSecret: given.CRON_SECRET,
    resend: given.RESEND_API_KEY ? { apiKey: given.RESEND_API_KEY } : undefined,
    smtp: given.SMTP_URL ? { url: given.SMTP_URL } : undefined,
    mail: mailOf(given),
    s3: given.S3_ENDPOINT
      ? {
          endpoint: given.S3_ENDPOINT,
          bucket: given.S3_BUCKET!,
          accessKeyId: given.S3_ACCESS_KEY_ID!,
          secretAccessKey: given.S3_SECRET_ACCESS_KEY!,
          region: given.S3_REGION,
        }
      : undefined,
    smsGateway: given.SMS_GATEWAY_URL
      ? {
          url: given.SMS_GATEWAY_URL,
          username: given.SMS_GATEWAY_USERNAME!,
          password: given.SMS_GATEWAY_PASSWORD!,
        }
      : undefined,
  };
}

/** What a new workspace sends through: Resend, where both are given. */
function mailOf({ RESEND_FROM, SMTP_FROM }: Settings) {
  if (RESEND_FROM) return { provider: 'resend' as const, address: RESEND_FROM };
  return SMTP_FROM ? { provider: 'smtp' as const, address: SMTP_FROM } : undefined;
}

function asKey(text: string): Buffer {
  return Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64');
}

function isHostOrRange(text: string): boolean {
  const [host = '', bits, ...rest] = text.split('/');
  if (rest.length > 0) return false;
  const family = isIP(host);
  if (bits !== undefined)
    return family > 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
  return family > 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?$/i.test(host);
}
