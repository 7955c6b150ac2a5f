import { sql } from 'kysely';
import { readEmail } from '#domain/email.ts';
import type { Inbound } from '#domain/message.ts';
import { receiveLeads } from './leads.ts';
import type { Scope } from './scope.ts';

/**
 * Somebody unknown wrote a mail: where the workspace wants it, they are a lead like any other from then on. Machines,
 * shared boxes and addresses of no use are left alone.
 */
export async function leadOfStranger(
  scope: Scope,
  { channel, kind, from, fromName = '', provider, providerId }: Inbound,
): Promise<{ leadId: string; contactId: string } | undefined> {
  if (channel !== 'email' || (kind !== 'reply' && kind !== 'other') || !from) return undefined;
  const email = readEmail(from);
  if (!email || email.kind === 'role' || email.kind === 'disposable') return undefined;
  if (!(await areWanted(scope))) return undefined;
  const [firstName, ...rest] = fromName.split(/\s+/).filter((word) => word && !word.includes('@'));
  const lastName = rest.join(' ');
  const lead = { email: from, ...(firstName && { firstName }), ...(lastName && { lastName }) };
  const eventKey = `mail:${provider}:${providerId}`;
  const [received] = await receiveLeads(scope, [{ ...lead, source: 'email' }], { eventKey });
  return received?.outcome === 'rejected' ? undefined : received;
}

async function areWanted({ db }: Scope): Promise<boolean> {
  const { wanted } = await db
    .selectFrom('workspaces')
    .select(sql<boolean>`coalesce((settings->>'mailLeads')::boolean, false)`.as('wanted'))
    .executeTakeFirstOrThrow();
  return wanted;
}
