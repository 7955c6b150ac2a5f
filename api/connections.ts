import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import {
  createConnection,
  getConnection,
  listConnections,
  removeConnection,
  secretsOf,
  updateConnection,
} from '#db/connections.ts';
import type { Scope } from '#db/scope.ts';
import { Connection } from '#domain/connection.ts';
import { Refusal } from '#domain/refusal.ts';
import { integrations } from '#integrations/index.ts';
import type { Integration } from '#integrations/integration.ts';
import { readSettings } from '#integrations/settings.ts';
import type { Deps } from './deps.ts';
import { route } from './route.ts';

const OneConnection = z.object({ id: z.uuid() });
const Settings = z.record(z.string(), z.unknown());
const Listed = Connection.extend({ url: z.string().nullable() });
/** The secret is shown here and never again. */
const Opened = Listed.extend({ secret: z.string() });
const Changes = z.object({
  name: z.string().trim().min(1).max(200).optional(),
  active: z.boolean().optional(),
  settings: Settings.optional(),
});
const System = z.object({
  name: z.string(),
  title: z.string(),
  /** JSON Schema of what people see and change, and of what is sealed. */
  settings: z.unknown(),
  secrets: z.unknown(),
  sends: z.enum(['email', 'sms']).nullable(),
  receives: z.boolean(),
});

export const connectionRoutes = [
  route('get', '/integrations', {
    summary: 'List the systems that can be connected, with the forms of their settings',
    needs: 'deliveries:read',
    reply: z.object({ items: z.array(System) }),
    run: () => Promise.resolve({ items: integrations.map(described) }),
  }),
  route('get', '/connections', {
    summary: 'List connections',
    needs: 'deliveries:read',
    reply: z.object({ items: z.array(Listed), next: z.null() }),
    run: async (_, scope, deps) => {
      const rows = await listConnections(scope);
      return { items: rows.map((row) => withUrl(row, deps)), next: null };
    },
  }),
  route('post', '/connections', {
    summary: 'Connect a system; its secret is shown once',
    needs: 'connections:write',
    body: z.object({
      source: z.string(),
      name: z.string().trim().min(1).max(200).optional(),
      settings: Settings.default({}),
    }),
    reply: Opened,
    status: () => 201,
    run: ({ body }, scope, deps) => open(scope, body, deps),
  }),
  route('get', '/connections/:id', {
    summary: 'Show a connection',
    needs: 'deliveries:read',
    params: OneConnection,
    reply: Listed,
    run: async ({ params }, scope, deps) => withUrl(await getConnection(scope, params.id), deps),
  }),
  route('patch', '/connections/:id', {
    summary: 'Change a connection; secrets that are left out stay',
    needs: 'connections:write',
    params: OneConnection,
    body: Changes,
    reply: Listed,
    run: ({ params, body }, scope, deps) => change(scope, params.id, body, deps),
  }),
  route('post', '/connections/:id/rotate', {
    summary: 'Give a connection a new secret, shown once; the old one ends',
    needs: 'connections:write',
    params: OneConnection,
    reply: Opened,
    run: async ({ params }, scope, deps) => {
      const { encryptionKey: key } = deps;
      await getConnection(scope, params.id, true);
      const secret = newSecret();
      const secrets = { ...(await secretsOf(scope, params.id, key)), secret };
      const row = await updateConnection(scope, params.id, { secrets }, key);
      return { ...withUrl(row, deps), secret };
    },
  }),
  route('delete', '/connections/:id', {
    summary: 'Remove a connection; what it delivered stays',
    needs: 'connections:write',
    params: OneConnection,
    reply: z.object({ removed: z.literal(true) }),
    run: async ({ params }, scope) => {
      await removeConnection(scope, params.id);
      return { removed: true as const };
    },
  }),
];

async function open(
  scope: Scope,
  given: { source: string; name?: string | undefined; settings: Record<string, unknown> },
  deps: Deps,
): Promise<z.output<typeof Opened>> {
  const integration = integrationOf(given.source);
  const guard = deps.outbound;
  const read = readSettings(integration, given.settings, { secret: newSecret(), guard });
  const values = { source: integration.name, name: given.name ?? integration.title, ...read };
  const row = await createConnection(scope, values, deps.encryptionKey);
  return { ...withUrl(row, deps), secret: String(read.secrets['secret'] ?? '') };
}

async function change(
  scope: Scope,
  id: string,
  { name, active, settings }: z.output<typeof Changes>,
  deps: Deps,
): Promise<z.output<typeof Listed>> {
  const { encryptionKey: key, outbound: guard } = deps;
  const before = await getConnection(scope, id, true);
  const sealed = await secretsOf(scope, id, key);
  const given = { ...before.settings, ...sealed, ...settings };
  const read = settings && readSettings(integrationOf(before.source), given, { secret: '', guard });
  const row = await updateConnection(
    scope,
    id,
    { ...(name !== undefined && { name }), ...(active !== undefined && { active }), ...read },
    key,
  );
  return withUrl(row, deps);
}

function integrationOf(source: string): Integration {
  const integration = integrations.find(({ name }) => name === source);
  if (integration) return integration;
  const message = `There is no system called ${source}.`;
  throw new Refusal('invalid', message, [{ field: 'source', message }]);
}

/** Where the system sends its webhooks to, if it does. */
function withUrl(row: Connection, { publicBaseUrl }: Deps): z.output<typeof Listed> {
  const receives = integrations.some(({ name, webhook }) => name === row.source && webhook);
  const url = receives ? `${publicBaseUrl}/api/webhooks/${row.source}/${row.id}` : null;
  return { ...row, url };
}

function described({ name, title, settings, secrets, channel, webhook }: Integration) {
  return {
    ...{ name, title, settings: formOf(settings), secrets: secrets ? formOf(secrets) : null },
    ...{ sends: channel?.kind ?? null, receives: Boolean(webhook) },
  };
}

function formOf(schema: z.ZodType): unknown {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}
