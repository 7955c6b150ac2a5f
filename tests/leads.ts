import type { Scope } from '#db/scope.ts';
import { receiveLeads } from '#db/leads.ts';
import type { LeadInput } from '#domain/lead.ts';

/** A lead of a made-up person; answers its id. */
export async function aLead(scope: Scope, given: LeadInput = {}): Promise<string> {
  const email = `${crypto.randomUUID().slice(0, 8)}@acme.example`;
  const [received] = await receiveLeads(scope, [{ email, ...given }]);
  if (!received || received.outcome === 'rejected') throw new Error(JSON.stringify(received));
  return received.leadId;
}

export async function aMember(
  { db, workspaceId }: Scope,
  given: { userId: string; role?: string; capacity?: number; awayUntil?: string; skills?: string },
): Promise<void> {
  const { userId } = given;
  const row = { workspaceId, name: userId, email: `${userId}@us.example`, role: 'rep', ...given };
  await db.insertInto('members').values(row).execute();
}

/** A published sequence that people are let into as its `entry` says. */
export async function aSequence(
  { db, workspaceId }: Scope,
  given: { name?: string; class?: string; on?: unknown; steps?: object[] } = {},
): Promise<string> {
  const { name = 'Hello', on = 'manual', class: kind = 'custom' } = given;
  const steps = given.steps ?? [{ id: 'hi', kind: 'email', subject: 'Hi', body: 'Hi' }];
  const entry = { on, again: 'if-not-active' };
  const definition = { name, class: kind, entry, onReply: 'pause', exits: [], steps };
  const text = JSON.stringify(definition);
  const { id } = await db
    .insertInto('sequences')
    .values({ workspaceId, name, class: kind, draft: text, createdBy: 'rep' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const { id: liveId } = await db
    .insertInto('sequenceVersions')
    .values({ workspaceId, sequenceId: id, number: 1, definition: text, publishedBy: 'rep' })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db
    .updateTable('sequences')
    .set({ liveId, liveVersion: 1, entry: JSON.stringify(entry) })
    .where('id', '=', id)
    .execute();
  return id;
}
