import { sql } from 'kysely';
import type { Inbound, Match } from '#domain/message.ts';
import type { Scope } from './scope.ts';
import type { Done } from './standing.ts';
import { leave, suppress } from './suppressions.ts';

/** An address that will never take mail, or a person who complained, is not written to again. */
export async function giveUp(
  scope: Scope,
  { kind, bounced, about, from }: Inbound,
  match: Match | undefined,
  messageId: string,
): Promise<Done> {
  const reason = kind === 'bounce' ? ('bounced' as const) : ('complained' as const);
  const because = bounced?.because ?? (kind === 'bounce' ? 'the mail came back' : 'complained');
  if (kind === 'bounce' && !bounced?.permanent) return { did: ['noted; the address may recover'] };
  if (kind === 'bounce' && about) await markBounced(scope, about, because);
  const address =
    bounced?.address ??
    (match ? await addressOf(scope, match.contactId) : kind === 'complaint' ? from : null);
  if (address) {
    const who = { contactId: match?.contactId, reason, source: kind };
    await suppress(scope, { channel: 'email', address, ...who });
  }
  const did = address ? [`is written to no more: ${reason}`] : [];
  if (!match) return { did };
  const eventId = `message:${messageId}`;
  const left = await leave(scope, match.contactId, { reason, because, eventId });
  return { did: [...did, 'left every sequence'], ...left };
}

async function addressOf({ db }: Scope, contactId: string): Promise<string | null> {
  const { emailNormalized } = await db
    .selectFrom('contacts')
    .select('emailNormalized')
    .where('id', '=', contactId)
    .executeTakeFirstOrThrow();
  return emailNormalized;
}

async function markBounced({ db }: Scope, messageId: string, because: string): Promise<void> {
  const [walk] = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(messageId) ?? [];
  if (!walk) return;
  await sql`update touches set state = 'bounced', because = ${because}, settled_at = now(), updated_at = now()
    where (enrolment_id = ${walk} or id = ${walk}) and headers->>'Message-ID' = ${messageId}
      and state in ('accepted', 'delivered', 'claimed', 'unknown')`.execute(db);
}
